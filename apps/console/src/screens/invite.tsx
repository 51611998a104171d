import type { Role } from '@linchpin/api'
import { rightsOf, roleNames } from '@linchpin/api/rights'
import { Button, Group, List, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, useDo } from '../api.ts'
import * as commands from '../parts/commands.ts'
import { CopyAs } from '../parts/copy-as.tsx'

export interface MadeLink {
  readonly name: string
  readonly link: string
  readonly expiresAt: string
}

/** Lets somebody in: who, and as what. The link that it makes is shown once. */
export function Invite({
  onClose,
  onMade,
}: {
  readonly onClose: () => void
  readonly onMade: (made: MadeLink) => void
}) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const add = useDo(async () => {
    const { link, expiresAt } = await api.addPerson({ name, email, role })
    onMade({ name, link, expiresAt })
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('people.invite')}
      closeButtonProps={{ 'aria-label': t('keys.close') }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          add.mutate(undefined)
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{t('people.inviteWords')}</Text>
          <TextInput
            data-autofocus
            label={t('people.name')}
            required
            withAsterisk={false}
            maxLength={100}
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t('signIn.email')}
            type="email"
            required
            withAsterisk={false}
            value={email}
            onChange={event => setEmail(event.currentTarget.value)}
          />
          <NativeSelect
            label={t('people.role')}
            value={role}
            data={roleNames.map(value => ({ value, label: t(`role.${value}`) }))}
            onChange={event => setRole(event.currentTarget.value as Role)}
          />
          <List size="sm" className="quiet">
            {rightsOf[role].map(right => (
              <List.Item key={right}>{t(`right.${right}`)}</List.Item>
            ))}
          </List>
          <CopyAs {...commands.addPerson({ name, email, role })} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {t('actions.cancel')}
            </Button>
            <Button type="submit" loading={add.isPending} disabled={name.trim() === '' || email === ''}>
              {t('people.make')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
