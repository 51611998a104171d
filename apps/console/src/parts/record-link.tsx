import type { RecordHead } from '@linchpin/api'
import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

export function RecordLink({
  of: { connection, entity, id },
  children,
}: {
  readonly of: Pick<RecordHead, 'connection' | 'entity' | 'id'>
  readonly children: ReactNode
}) {
  return (
    <Anchor
      component={Link}
      to="/records/$connection/$entity/$id"
      params={{ connection, entity, id } as never}
      size="sm"
    >
      {children}
    </Anchor>
  )
}
