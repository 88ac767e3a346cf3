# The service with its prebuilt workflow bundles and dashboard. Temporal and PostgreSQL run beside it: docker-compose.yml.
FROM node:22.23.3-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/slim-modules.sh scripts/
COPY src src
RUN npm run build && npm prune --omit=dev && sh scripts/slim-modules.sh

FROM node:22.23.3-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production DATA_DIR=/data API_HOST=0.0.0.0
# The one folder that is written to; a volume takes over its owner.
RUN mkdir /data && chown node:node /data
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
USER node
VOLUME /data
EXPOSE 7333
# Of a process with the API. A worker has none: docker-compose.yml asks its metrics.
HEALTHCHECK --interval=10s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.API_PORT || 7333}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
