import { Button, Group, Paper, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { UseIntent } from '../live/use-intent.ts'
import { IntentNotice } from './intent-notice.tsx'

/**
 * A form over what is there already: sends only what differs from it (`changes`; null where a field is wrong), says
 * what became of that, and takes back what was touched.
 */
export function EditForm<Input extends object>(props: {
  intent: UseIntent<Input>
  changes: Input | null
  mayEdit: boolean
  onReset: () => void
  maxWidth?: string
  /** Test id of the button. */
  save: string
  children: ReactNode
}) {
  const { intent, changes, mayEdit, onReset, maxWidth, save, children } = props
  const { t } = useTranslation(['admin', 'ui'])
  const isChanged = changes === null || Object.keys(changes).length > 0
  return (
    <Paper withBorder radius="lg" p="lg" maw={maxWidth}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (changes && isChanged) intent.send(changes)
        }}
        noValidate
      >
        <Stack gap="lg">
          {children}
          <IntentNotice of={intent} />
          {mayEdit && (
            <Group justify="flex-end">
              {isChanged && (
                <Button variant="default" onClick={onReset} disabled={intent.isOpen}>
                  {t('shell.undoChanges')}
                </Button>
              )}
              <Button
                type="submit"
                loading={intent.state.is === 'sending'}
                disabled={!isChanged || changes === null || intent.isOpen}
                data-testid={save}
              >
                {t('ui:action.save')}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Paper>
  )
}
