/** The configuration is wrong: what, where, and the nearest right thing. */
export class ConfigTrouble extends Error {
  override readonly name = 'ConfigTrouble'
  readonly faults: readonly string[]
  constructor(file: string, faults: readonly string[]) {
    super(`${file} cannot be used:\n${faults.map(fault => `  - ${fault}`).join('\n')}`)
    this.faults = faults
  }
}
