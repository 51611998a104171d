import type { Right } from '@linchpin/api'
import { Button, type ButtonProps } from '@mantine/core'
import { tell } from './tell.ts'
import type { ReactNode } from 'react'
import { useWhyNot } from '../me.ts'

/** A button for those who have the right; who has not sees it, and is told why it does nothing. */
export function MayButton({
  right,
  onClick,
  children,
  ...props
}: ButtonProps & { readonly right: Right; readonly onClick: () => void; readonly children: ReactNode }) {
  const why = useWhyNot(right)
  if (why === null)
    return (
      <Button {...props} onClick={onClick}>
        {children}
      </Button>
    )
  // Not `disabled`: who goes by keyboard, by finger or by ear must come to it, to learn why.
  return (
    <Button
      {...props}
      data-disabled
      aria-disabled
      aria-description={why}
      title={why}
      onClick={() => tell({ id: why, message: why, color: 'gray' })}
    >
      {children}
    </Button>
  )
}
