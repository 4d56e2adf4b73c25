import { Button, Group, Paper, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OnlineType } from '../../sdk/index.ts'
import type { useEditForm } from '../live/use-intent-form.ts'
import { IntentNotice } from './intent-notice.tsx'

/** A form over what is there already: says what became of what was sent, and takes back what was touched. */
export function EditForm<Type extends OnlineType>(props: {
  of: Pick<
    ReturnType<typeof useEditForm<Type, Record<string, unknown>>>,
    'intent' | 'values' | 'submit' | 'reset'
  >
  mayEdit: boolean
  maxWidth?: string
  /** Test id of the button. */
  save: string
  children: ReactNode
}) {
  const { of, mayEdit, maxWidth, save, children } = props
  const { intent, values: changes, submit, reset } = of
  const { t } = useTranslation(['admin', 'ui'])
  const isChanged = changes === null || Object.keys(changes).length > 0
  return (
    <Paper withBorder radius="lg" p="lg" maw={maxWidth}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isChanged) submit()
        }}
        noValidate
      >
        <Stack gap="lg">
          {children}
          <IntentNotice of={intent} />
          {mayEdit && (
            <Group justify="flex-end">
              {isChanged && (
                <Button variant="default" onClick={reset} disabled={intent.isOpen}>
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
