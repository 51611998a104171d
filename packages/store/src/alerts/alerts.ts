/** What is kept of alerts: who is told of what, what is wrong, and what was told. */

export type AlertEvent =
  /** Deliveries are parked for one cause. */
  | 'parked'
  /** A connection does not answer, or cannot be read. */
  | 'trouble'
  /** A connection refuses our sign-in or settings; Linchpin paused it. */
  | 'login'
  /** A connection seems to have been restored from a backup; Linchpin paused it. */
  | 'restored'
  /** A person paused a flow or a connection. */
  | 'paused'
  /** What a flow owes waits for too long, or is too much. */
  | 'behind'
  /** A comparison found that the two sides of a flow differ. */
  | 'differences'
  /** A run of a flow in batches was missed, or parked something. */
  | 'run'
  /** An API key, or a credential of a connection, ends soon. */
  | 'expiring'

export type ChannelKind = 'email' | 'slack' | 'teams' | 'webhook'

export interface AlertChannel {
  readonly id: string
  readonly name: string
  readonly kind: ChannelKind
  /** Without secrets. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly language: string
  readonly sentAt: number | null
  readonly problem: string | null
  readonly failedAt: number | null
}

export interface AlertWishes {
  readonly events: readonly AlertEvent[]
  /** Both empty: of everything. Else of what is about one of these. */
  readonly flows: readonly string[]
  readonly connections: readonly string[]
  /** The ids of channels. */
  readonly channels: readonly string[]
  /** What is over within so many minutes is not told. */
  readonly waitMinutes: number
  /** A flow is behind when something has waited for so long, or so many wait. */
  readonly behind: { readonly minutes: number; readonly count: number | null }
  /** Tell, too, that it is well again. */
  readonly recovery: boolean
  /** Null: each at once. */
  readonly digest: Digest | null
  readonly quiet: QuietHours | null
}

/** Collected for so many minutes, or until a time of the day. */
export type Digest = { readonly minutes: number } | { readonly daily: string; readonly zone: string }

/** 'HH:MM' by the clock of the zone; what would be told then is told when they end. */
export interface QuietHours {
  readonly from: string
  readonly to: string
  readonly zone: string
}

export interface AlertRule extends AlertWishes {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** Since when it wishes for what it does: it was made, switched on or off, or its wishes changed. */
  readonly wishesSince: number
}

/** What somebody saves. */
export type NewAlertRule = Omit<AlertRule, 'wishesSince'>

export interface Incident {
  /** The same cause is the same incident as long as it lasts. */
  readonly cause: string
  readonly beganAt: number
  readonly event: AlertEvent
  readonly flow: string | null
  readonly connection: string | null
  readonly words: string
  /** How many records it is about: now, and at most. */
  readonly count: number
  readonly most: number
  readonly worth: readonly { readonly amount: string; readonly currency: string }[]
  readonly seenAt: number
  readonly endedAt: number | null
}

export interface Told {
  readonly rule: string
  readonly cause: string
  readonly beganAt: number
  readonly isEnd: boolean
}

/** What a message says of one incident: it began, it is over, or it came and went before it could be told. */
export interface AlertItem extends Omit<Incident, 'seenAt' | 'most'> {
  readonly is: 'began' | 'ended' | 'passed'
}

export interface NewAlertMessage {
  readonly id: string
  readonly channel: string
  /** Null: a test. */
  readonly rule: { readonly id: string; readonly name: string } | null
  readonly items: readonly AlertItem[]
}

export interface AlertMessage {
  readonly seq: number
  readonly id: string
  readonly channel: string
  readonly channelName: string
  readonly ruleName: string | null
  readonly recipient: string
  readonly items: readonly AlertItem[]
  readonly madeAt: number
  readonly state: 'due' | 'sent' | 'given up'
  readonly tries: number
  readonly nextAt: number
  readonly fence: number
  readonly problem: string | null
  readonly settledAt: number | null
}

/** What one look came to, saved at once. */
export interface AlertTurn {
  readonly incidents: readonly Incident[]
  readonly told: readonly Told[]
  readonly messages: readonly NewAlertMessage[]
}
