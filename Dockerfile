# syntax=docker/dockerfile:1
# One file for every service, and for the job that prepares topics and schemas:
#   docker build --build-arg APP=directory-listing -t consent/directory-listing .
#   docker build --target deploy -t consent/deploy .
# Checked by tools/deploy-check, never built: no container engine was at hand.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
ENV NX_DAEMON=false
COPY . .
RUN npm ci --no-audit --no-fund && npm run build

# Tools run from source; they need what the build needed.
FROM build AS deploy
USER node
CMD ["node", "tools/deploy/topics-and-schemas.ts"]

# What one service needs at run time, and nothing else.
FROM build AS pruned
ARG APP
RUN test -f "apps/${APP}/dist/main.js" || { echo "APP='${APP}': expected a service of apps/ (--build-arg APP=…)" >&2; exit 1; } \
  && npm prune --omit=dev --no-audit --no-fund \
  && find apps -mindepth 1 -maxdepth 1 ! -name "${APP}" -exec rm -rf {} + \
  && find libs apps -type d -name src -prune -exec rm -rf {} +

FROM ${NODE_IMAGE} AS service
ARG APP
# Small heaps: V8 would otherwise let garbage grow to several times what a service holds.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 MALLOC_ARENA_MAX=2 \
    NODE_OPTIONS="--enable-source-maps --max-semi-space-size=4 --max-old-space-size=128"
WORKDIR /app/apps/${APP}
COPY --from=pruned /app/package.json /app/
COPY --from=pruned /app/node_modules /app/node_modules
COPY --from=pruned /app/libs /app/libs
COPY --from=pruned /app/catalogue /app/catalogue
COPY --from=pruned /app/apps/${APP} /app/apps/${APP}
# The image's user; k8s/ names it by its number, 1000.
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/main.js"]
