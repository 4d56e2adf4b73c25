import { Button, Group, Text } from '@mantine/core'
import { IconAdjustments, IconMinus, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBlocked } from '../../../react/index.ts'
import { useReason } from '../../../ui/reasons.ts'
import { useMay } from '../../hooks/use-context.ts'
import type { CashSession } from '../../lib/drawer.ts'
import type { MovementKind } from '../../lib/movement.ts'
import { MovementDialog } from './movement-dialog.tsx'

const buttons = [
  { kind: 'PAID_IN', label: 'cash.move.in', icon: IconPlus, testId: 'paid-in' },
  { kind: 'PAID_OUT', label: 'cash.move.out', icon: IconMinus, testId: 'paid-out' },
  { kind: 'ADJUSTMENT', label: 'cash.move.adjust', icon: IconAdjustments, testId: 'adjust' },
] as const

export function MovementButtons({ session }: { session: CashSession }) {
  const { t } = useTranslation('pos')
  const reason = useReason()
  const blocked = useBlocked('cashSession.movement')
  const mayAdjust = useMay('cashSession.adjust')
  const [kind, setKind] = useState<MovementKind | null>(null)
  return (
    <>
      <Group gap="xs" grow preventGrowOverflow={false}>
        {buttons.map(({ kind: of, label, icon: Icon, testId }) => (
          <Button
            key={of}
            variant="default"
            px="sm"
            data-testid={testId}
            leftSection={<Icon size={20} aria-hidden />}
            disabled={blocked !== null}
            onClick={() => setKind(of)}
          >
            {t(label)}
          </Button>
        ))}
      </Group>
      {(blocked || !mayAdjust) && (
        <Text size="sm" c="dimmed" mt="xs">
          {blocked ? reason(blocked) : t('cash.move.managersOnly')}
        </Text>
      )}
      {kind && <MovementDialog session={session} kind={kind} onClose={() => setKind(null)} />}
    </>
  )
}
