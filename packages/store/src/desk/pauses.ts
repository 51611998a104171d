import { at, type Db } from '../db.ts'

export interface PauseEnd {
  readonly kind: 'flow' | 'connection'
  readonly name: string
  readonly at: number
}

/** Null: the pause does not end by itself. */
export async function endPauseAt(
  db: Db,
  end: Omit<PauseEnd, 'at'> & { readonly at: number | null },
): Promise<void> {
  if (end.at === null)
    await db.query('pause-no-end', 'delete from pause_end where kind = $1 and name = $2', [
      end.kind,
      end.name,
    ])
  else
    await db.query(
      'pause-end',
      `insert into pause_end (kind, name, at) values ($1, $2, $3)
       on conflict (kind, name) do update set at = excluded.at`,
      [end.kind, end.name, at(end.at)],
    )
}

export async function pauseEnds(db: Db): Promise<readonly PauseEnd[]> {
  return db.query<PauseEnd>('pause-ends', 'select kind, name, at from pause_end order by at')
}
