import { Button, Chip, Group, Stack, Text, TextInput } from '@mantine/core'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Permission } from '../../contract.ts'
import { useAction, usePeople } from '../../react/index.ts'
import type { Approval } from '../../sdk/index.ts'
import { Dialog } from '../components/dialog.tsx'
import { KeyPad } from '../components/key-pad.tsx'
import { Problem } from '../components/problem.tsx'
import { useContextOfTill, useMe } from '../hooks/use-context.ts'
import { useHasRoomForKeys, useIsTouch } from '../hooks/use-layout.ts'
import { approversOf } from '../lib/approval.ts'
import { type Credentials, missingIn, tidied } from '../lib/sign-in.ts'

/** As high as a finger. */
const tall = { size: 'lg', styles: { label: { height: '2.75rem' } } } as const

/** Whose PIN it is: somebody of this tablet by a tap, anybody else by their staff code. */
export function ApprovalDialog(props: {
  permission: Permission
  approve: (credentials: Credentials) => Promise<Approval>
  onApproved: (approval: Approval) => void
  onClose: () => void
}) {
  const { permission, approve, onApproved, onClose } = props
  const { t } = useTranslation('pos')
  const context = useContextOfTill()
  const me = useMe()
  const [isTouch, hasRoom] = [useIsTouch(), useHasRoomForKeys('little')]
  const hasKeys = isTouch && hasRoom
  const approvers = approversOf(usePeople(context.tenantId), context, permission)
  const [staffCode, setStaffCode] = useState(approvers[0]?.staffCode ?? '')
  const [isOther, setOther] = useState(approvers.length === 0)
  const [pin, setPin] = useState('')
  const pinInput = useRef<HTMLInputElement>(null)
  const { run, isBusy, problem, forgetProblem } = useAction()
  const chosen = isOther ? undefined : approvers.find((each) => each.staffCode === staffCode)
  const isReady = missingIn({ tenantId: context.tenantId, staffCode, pin }) === null

  function choose(code: string | null) {
    forgetProblem()
    setOther(code === null)
    setStaffCode(code ?? '')
    if (code !== null) pinInput.current?.focus()
  }
  function typePin(text: string) {
    forgetProblem()
    setPin(text)
  }
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!isReady) return
    let approval: Approval | null = null
    await run(async () => {
      approval = await approve(tidied({ tenantId: context.tenantId, staffCode, pin }))
    })
    setPin('')
    if (approval) onApproved(approval)
    else pinInput.current?.focus()
  }

  return (
    <Dialog opened onClose={onClose} title={t('approval.title')} isOnTop>
      <Stack component="form" gap="sm" onSubmit={submit} data-testid="approval">
        <Text c="dimmed">{t('approval.text', { name: me.name })}</Text>
        {approvers.length > 0 && (
          <Chip.Group
            value={isOther ? '' : staffCode}
            onChange={(code) => choose(code === '' ? null : (code as string))}
          >
            <Group gap="xs" role="radiogroup" aria-label={t('approval.who')}>
              {approvers.map((person) => (
                <Chip key={person.accountId} {...tall} value={person.staffCode} data-testid="approver">
                  {person.name}
                </Chip>
              ))}
              <Chip {...tall} value="" data-testid="approver-other">
                {t('approval.other')}
              </Chip>
            </Group>
          </Chip.Group>
        )}
        {isOther && (
          <TextInput
            data-autofocus
            label={t('signIn.staffCode')}
            value={staffCode}
            autoCapitalize="none"
            autoCorrect="off"
            autoComplete="off"
            data-testid="approval-staff"
            onChange={(event) => setStaffCode(event.currentTarget.value)}
          />
        )}
        <TextInput
          ref={pinInput}
          data-autofocus={isOther ? undefined : true}
          label={chosen ? t('signIn.pinOf', { name: chosen.name }) : t('signIn.pin')}
          type="password"
          inputMode={hasKeys ? 'none' : 'numeric'}
          autoComplete="off"
          enterKeyHint="go"
          value={pin}
          data-testid="approval-pin"
          onChange={(event) => typePin(event.currentTarget.value)}
        />
        {problem && (
          <Problem of={problem}>{problem.code === 'OFFLINE' && t('approval.offlineUnknown')}</Problem>
        )}
        {hasKeys && <KeyPad kind="PIN" value={pin} onChange={typePin} />}
        <Button type="submit" size="lg" loading={isBusy} disabled={!isReady} data-testid="approve">
          {t('approval.confirm')}
        </Button>
      </Stack>
    </Dialog>
  )
}
