/** Why the database could not be opened or stopped, and what to do about it. Its message is meant for people. */
export class DatabaseTrouble extends Error {
  override readonly name = 'DatabaseTrouble'
}

/** One sentence of cause and cure for what PostgreSQL wrote before it gave up, then its own last lines. */
export function explain(what: string, output: string, logFile?: string): DatabaseTrouble {
  const known = causes.find(([pattern]) => pattern.test(output))
  const reason = known?.[1] ?? 'Its own words below say why.'
  const tail = output.trim().split('\n').slice(-6).join('\n')
  const where = logFile === undefined ? '' : ` (${logFile})`
  return new DatabaseTrouble(`${what}: ${reason}\nPostgreSQL's last lines${where}:\n${tail || '(none)'}`)
}

/** Another postmaster holds the folder, or one that was killed is not quite gone: wait and look again. */
export function heldByAnother(output: string): boolean {
  return held.test(output)
}

const held = /lock file ".*" already exists|shared memory block .* still in use/

const causes: [pattern: RegExp, reason: string][] = [
  [
    /could not (resize|create|open|map anonymous) shared memory|Cannot allocate memory/,
    'there is not enough (shared) memory. Free memory, or in a container give it more with --shm-size.',
  ],
  [/No space left on device|Disk quota exceeded/, 'the disk is full. Free some space and start again.'],
  [
    /error while loading shared libraries: (\S+?):/,
    'a system library is missing. Install it (on Debian: apt-get install libstdc++6 libgcc-s1), or set DATABASE_URL to a PostgreSQL of your own.',
  ],
  [
    /database files are incompatible with server|initialized by PostgreSQL version/,
    'the data was written by another version of PostgreSQL. Back up with the Linchpin that wrote it, and restore here.',
  ],
  [/Address already in use/, 'something else listens on its socket. Stop that program and start again.'],
  [
    /could not locate a valid checkpoint record|PANIC: /,
    'its files are damaged. Restore the newest backup into an empty folder, and keep this one for rescue.',
  ],
  [
    /Read-only file system/,
    'the disk is read-only. Make it writable, or choose another data folder, and start again.',
  ],
  [
    /Permission denied|Operation not permitted|wrong ownership|invalid permissions/,
    'it may not use its own files. Give the data folder back to the user that Linchpin runs as (chown -R, chmod 700).',
  ],
  [
    /unrecognized configuration parameter|configuration file .* contains errors/,
    'a setting is wrong. Correct it in postgresql.conf in the data folder.',
  ],
  [held, 'another PostgreSQL still holds this data folder. Stop it, or wait until it is gone.'],
]
