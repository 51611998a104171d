import type { LinkRequest, MatchKeys } from '@linchpin/mapping'
import type { EntityName } from '@linchpin/model'
import type { Connector, Notification, RawRequest } from '../connector.ts'
import type { Remote } from '../lab.ts'

/** Called for a fresh remote, again and again. A look-alike that needs a clock takes `now`. */
export type MakeRig = (now: () => number) => Rig

/** What an author brings so that the suite can drive one entity of a connector against a look-alike. */
export interface Rig {
  readonly connector: Connector
  readonly settings: unknown
  /** A secret that stands in `settings` and must appear nowhere else. */
  readonly secret: string
  /** The entity under test. */
  readonly entity: EntityName
  /** The look-alike: answers as `fetch` does. */
  readonly remote: Remote
  /**
   * Puts so many more records there, as if people had done it over the last days; with `sameInstant` all in one moment.
   */
  readonly seed: (count: number, sameInstant?: boolean) => Promise<void>
  /** The ids that the remote really holds of this entity, as the connector names them. */
  readonly ids: () => Promise<readonly string[]>
  /** Someone changes this record at the remote, now. */
  readonly touch?: (id: string) => Promise<void>
  /**
   * A record appears now with a stamp some seconds older than now, as one does whose transaction took that long; its id.
   * Left out for a remote that stamps a record in the moment in which it can be seen.
   */
  readonly late?: () => Promise<string>
  /** Someone removes this record at the remote, now. */
  readonly remove?: (id: string) => Promise<void>
  /**
   * Whether the remote tells of removed records at all, and whether it tells a record again to whoever begins again (a
   * queue does not); both true when left out.
   */
  readonly reports?: { readonly gone: boolean; readonly again?: boolean }
  /** The ids that the remote was told are safe with us, for an entity with `acknowledge`. */
  readonly acknowledged?: () => Promise<readonly string[]>
  /** Someone gives this record a custom field of this name and value. */
  readonly addField?: (id: string, name: string, value: string) => Promise<void>
  /** What this record can be recognised by, for an entity with `match`. */
  readonly keys?: (id: string) => Promise<MatchKeys>
  /** The id of a record that has a file, for an entity with `file`. Made when asked for. */
  readonly withFile?: () => Promise<string>

  /**
   * A whole, valid write row that carries this text. Two texts make two records: take unique numbers from the text.
   */
  readonly row?: (text: string) => unknown
  /** A valid write row for an update that says nothing about the text. */
  readonly rowWithoutText?: () => unknown
  /** A write row that the writer's schema may let pass and the remote refuses. */
  readonly badRow?: () => unknown
  /** Where the text of `row` stands in a row that was read. */
  readonly textOf?: (row: unknown) => string
  /** Whether an update changes the text at all; true when left out. An order may only be confirmed or cancelled. */
  readonly updates?: { readonly text: boolean }
  /**
   * Texts that must come back as written, in place of the suite's own: for a field that is no free text, such as a
   * quantity, or for a remote that is known to trim or shorten. At least four, all different.
   */
  readonly texts?: readonly string[]
  /** A canonical record, for the writer's mapping. */
  readonly canonical?: {
    readonly record: Readonly<Record<string, unknown>>
    /** The ids that the record's links have at this remote; by default there are none. */
    readonly link?: (request: LinkRequest) => string | null
    /** What of a canonical record must be the same after writing and reading it: its amounts and quantities. */
    readonly survives?: (record: Readonly<Record<string, unknown>>) => unknown
  }
  readonly webhook?: {
    /** A request as the remote sends it about a record of this entity, rightly signed. */
    readonly genuine: RawRequest
    /** The same request by someone who signs with this secret instead: with none at all, too. */
    readonly signedBy: (secret: string) => RawRequest
    /** In lower case. */
    readonly signatureHeader: string
    /** What `genuine` says. */
    readonly notifies?: readonly Notification[]
    /** A genuine request about something that we do not follow. */
    readonly other?: RawRequest
  }
}
