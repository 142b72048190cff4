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

# What one service needs at run time, and nothing else: dist holds what it uses of the packages too.
FROM build AS parts
ARG APP
RUN test -f "apps/${APP}/dist/main.js" || { echo "APP='${APP}': expected a service of apps/ (--build-arg APP=…)" >&2; exit 1; } \
  && mkdir /parts \
  && cp -r --parents "apps/${APP}/package.json" "apps/${APP}/dist" "apps/${APP}/migrations" libs/*/migrations catalogue /parts \
  && rm -rf "/parts/apps/${APP}/dist/compile-cache"

FROM ${NODE_IMAGE} AS runtime
ARG APP
# As tools/build/node-flags.ts says, and why; 4 for consent-service.
ARG YOUNG_MIB=8
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 \
    MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=8192 MALLOC_TRIM_THRESHOLD_=131072 \
    NODE_OPTIONS="--enable-source-maps --max-semi-space-size=${YOUNG_MIB} --max-old-space-size=128" \
    NODE_COMPILE_CACHE=/app/compile-cache
WORKDIR /app/apps/${APP}
COPY --from=parts /parts /app
RUN install -d -o node /app/compile-cache

# V8 keeps compiled code for one user and one set of flags: those of the image. A service ends with 78 at its missing configuration.
FROM runtime AS compiled
USER node
RUN node --no-allocation-site-pretenuring dist/main.js 2>/dev/null; test $? -eq 78
RUN node dist/migrate.js 2>/dev/null; test $? -eq 78

FROM runtime AS service
COPY --from=compiled --chown=node /app/compile-cache /app/compile-cache
# The image's user; k8s/ names it by its number, 1000.
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--no-allocation-site-pretenuring", "dist/main.js"]
