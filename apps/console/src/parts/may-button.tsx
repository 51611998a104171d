import type { Right } from '@linchpin/api'
import { Button, Tooltip, type ButtonProps } from '@mantine/core'
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
  return (
    <Tooltip label={why} multiline w={280} withArrow events={{ hover: true, focus: true, touch: true }}>
      {/* Not `disabled`: who goes by keyboard or by ear must come to it, to learn why. */}
      <Button {...props} data-disabled aria-disabled aria-description={why}>
        {children}
      </Button>
    </Tooltip>
  )
}
