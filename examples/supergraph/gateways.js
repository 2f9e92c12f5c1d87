import { startApolloGateway } from './apollo-gateway.js'
import { startHiveGateway } from './hive-gateway.js'

/** The gateways, by name. Each takes the subgraphs, and returns a URL and a close function. */
export const GATEWAYS = {
  'Apollo Gateway': startApolloGateway,
  'Hive Gateway, JavaScript planner': subgraphs => startHiveGateway(subgraphs, 'javascript'),
  'Hive Gateway, Rust planner': subgraphs => startHiveGateway(subgraphs, 'rust'),
}
