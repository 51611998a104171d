/** A secret that cannot be opened, or a key that cannot be used. Its message is for people and holds no secret. */
export class SecretTrouble extends Error {
  override readonly name = 'SecretTrouble'
}
