/** The command was used wrongly: exit status 2. */
export class UsageTrouble extends Error {
  override readonly name = 'UsageTrouble'
}

/** What we wanted to talk to is not there: exit status 4. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}
