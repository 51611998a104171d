export { type Keyring, type KeyringOptions, type SecretName, openKeyring } from './keyring.ts'
export { addKey, dropOlderKeys } from './keys.ts'
export { SecretTrouble } from './trouble.ts'
