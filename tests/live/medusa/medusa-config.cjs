/** A Medusa of its own, told by its environment; it runs without a build. */
const { defineConfig } = require('@medusajs/framework/utils')
const { databaseUrl, plugin } = JSON.parse(process.env.MEDUSA)

module.exports = defineConfig({
  admin: { disable: true },
  plugins: plugin ? [plugin] : [],
  projectConfig: {
    databaseUrl,
    databaseDriverOptions: { connection: { ssl: false } },
    http: {
      storeCors: '*',
      adminCors: '*',
      authCors: '*',
      jwtSecret: 'throw-away',
      cookieSecret: 'throw-away',
    },
  },
})
