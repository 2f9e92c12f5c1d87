import { startApolloGateway } from './apollo-gateway.js'
import { startHiveGateway } from './hive-gateway.js'

/** The gateways, by name; each takes the subgraphs and gives a url and a close. */
export const GATEWAYS = {
  'Apollo Gateway': startApolloGateway,
  'Hive Gateway, JavaScript planner': subgraphs => startHiveGateway(subgraphs, 'javascript'),
  'Hive Gateway, Rust planner': subgraphs => startHiveGateway(subgraphs, 'rust'),
}
