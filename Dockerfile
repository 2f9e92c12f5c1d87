# The LTS line that README names for production; slim, since nothing is compiled and health is asked by node itself.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json schema.graphql schema.api.graphql possibleTypes.json LICENSE README.md ./
COPY src src
COPY pages pages
COPY bundle bundle
COPY console console
COPY operations operations
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-bookworm-slim
# HOST: what is outside the container reaches it through the container's own interface alone; what may connect is
# for the network around it to say. Everything else is off or safe until the environment says otherwise.
# NODE_OPTIONS: since Node 24 the young generation may take twice as much, 70 MB more under load.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 NODE_OPTIONS=--max-semi-space-size=16
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE /app/schema.graphql /app/schema.api.graphql /app/possibleTypes.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY operations operations
# The files belong to root and are not written: the file system may be read-only. Only the journal's folder, where
# AUDIT_LOG names a file, is a volume that this user (1000) may write.
USER node
EXPOSE 4000
STOPSIGNAL SIGTERM
# /health, not /ready: an engine restarts what is unhealthy, and a GenAuth that is down or a server that is told to
# stop is no reason for that. /ready is for whoever sends requests.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# As a list, so that node itself is the process that is signalled.
CMD ["node", "dist/bundle/main.js"]
# Last, so that a new revision makes no layer anew. VERSION is the one of package.json, and a test compares them.
ARG VERSION=0.2.0 REVISION="" CREATED=""
LABEL org.opencontainers.image.title="genauth-graphql" \
  org.opencontainers.image.description="A GraphQL API for multi-factor authentication in front of the GenAuth (Authing) Management V3 REST API" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.source="https://github.com/genauth-graphql/genauth-graphql" \
  org.opencontainers.image.url="https://github.com/genauth-graphql/genauth-graphql#readme" \
  org.opencontainers.image.documentation="https://github.com/genauth-graphql/genauth-graphql/tree/main/docs" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}"
