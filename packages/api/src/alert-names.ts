/** What one can be told of. */
export const alertEvents = [
  'parked',
  'trouble',
  'login',
  'restored',
  'paused',
  'behind',
  'differences',
  'run',
  'expiring',
] as const
export type AlertEventName = (typeof alertEvents)[number]

export const channelKinds = ['email', 'slack', 'teams', 'webhook'] as const
export type ChannelKindName = (typeof channelKinds)[number]

export const alertLanguages = ['en', 'de', 'fr'] as const
export type AlertLanguage = (typeof alertLanguages)[number]
