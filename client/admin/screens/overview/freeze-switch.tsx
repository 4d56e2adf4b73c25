import { Button, List, Text, Tooltip } from '@mantine/core'
import { IconPlayerPlay, IconSnowflake } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { useWords } from '../../components/use-words.ts'
import { type Branch, useConsole, useMay } from '../../live/console.ts'
import { useIntent } from '../../live/use-intent.ts'

/** Freezes a branch, or lets it go on; asks first, and says what happens at the tills. */
export function FreezeSwitch({ branch }: { branch: Branch }) {
  const { t } = useTranslation('admin')
  const word = useWords()
  const { me } = useConsole()
  const [asks, setAsks] = useState<'freeze' | 'unfreeze' | null>(null)
  const mayFreeze = useMay('branch.freeze')
  const which = branch.status === 'FROZEN' ? 'unfreeze' : 'freeze'
  return (
    <>
      <Tooltip
        label={t('shell.adminOnly', { role: word('role', me.role) })}
        disabled={mayFreeze}
        multiline
        w={260}
        events={{ hover: true, focus: true, touch: true }}
      >
        <Button
          variant={which === 'freeze' ? 'default' : 'filled'}
          leftSection={which === 'freeze' ? <IconSnowflake size={20} /> : <IconPlayerPlay size={20} />}
          onClick={() => mayFreeze && setAsks(which)}
          // Not `disabled`: whoever may not is told why.
          aria-disabled={!mayFreeze}
          data-disabled={!mayFreeze || undefined}
          data-testid={which}
        >
          {t(`overview.${which}.button`)}
        </Button>
      </Tooltip>
      {asks && <Question branch={branch} which={asks} onClose={() => setAsks(null)} />}
    </>
  )
}

function Question(props: { branch: Branch; which: 'freeze' | 'unfreeze'; onClose: () => void }) {
  const { which, onClose } = props
  const { branchId, name } = props.branch
  const { t } = useTranslation('admin')
  const intent = useIntent(`branch.${which}`, {
    branchId,
    done: t(`overview.${which}.done`, { branch: name }),
    onDone: onClose,
  })
  return (
    <Dialog
      title={t(`overview.${which}.title`, { branch: name })}
      onClose={onClose}
      of={{ intent, submit: () => intent.send({}) }}
      confirm={t(`overview.${which}.confirm`)}
      isDanger={which === 'freeze'}
    >
      {which === 'unfreeze' ? (
        <Text>{t('overview.unfreeze.text')}</Text>
      ) : (
        <div>
          <Text mb="xs">{t('overview.freeze.tills')}</Text>
          <List spacing="xs">
            {(['blocked', 'queued', 'reads'] as const).map((effect) => (
              <List.Item key={effect}>{t(`overview.freeze.effects.${effect}`)}</List.Item>
            ))}
          </List>
        </div>
      )}
    </Dialog>
  )
}
