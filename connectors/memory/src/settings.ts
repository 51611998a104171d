import { z } from 'zod'

/** What an operator fills in. The descriptions are shown beside the fields. */
export const settings = z.strictObject({
  url: z.url().meta({ description: 'Where Memory answers, like https://memory.example.com' }),
  token: z.string().min(1).meta({ secret: true, description: 'Memory: Settings, Access, New token' }),
  webhookSecret: z.string().default('').meta({ secret: true, description: 'Signs what Memory sends us' }),
})
export type Settings = z.infer<typeof settings>
