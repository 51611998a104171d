import { Modal, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

export function Search({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  return (
    <Modal opened onClose={onClose} withCloseButton={false} padding="sm" yOffset="8vh" size="lg">
      <TextInput
        data-autofocus
        size="md"
        aria-label={t('search.label')}
        placeholder={t('search.hint')}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
      <Text size="sm" className="quiet" mt="sm">
        {t('search.type')}
      </Text>
    </Modal>
  )
}
