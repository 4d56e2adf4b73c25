import { Button, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { v7 as newId } from 'uuid'
import { Dialog } from '../../components/dialog.tsx'
import rows from '../../components/field-row.module.css'
import { parseWhole } from '../../lib/money.ts'
import { useIntent } from '../../live/use-intent.ts'

export function AddStockItem({ branchId }: { branchId: string }) {
  const { t } = useTranslation('admin')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button leftSection={<IconPlus size={20} />} onClick={() => setOpen(true)} data-testid="add-stock-item">
        {t('stock.add.button')}
      </Button>
      {isOpen && <NewStockItem branchId={branchId} onClose={() => setOpen(false)} />}
    </>
  )
}

function NewStockItem({ branchId, onClose }: { branchId: string; onClose: () => void }) {
  const { t } = useTranslation('admin')
  const [stockItemId] = useState(() => newId())
  const [name, setName] = useState('')
  const [unit, setUnit] = useState('')
  const [text, setText] = useState('')
  const [isTried, setTried] = useState(false)
  const intent = useIntent('inventory.restock', {
    branchId,
    done: t('stock.add.done', { item: name.trim() }),
    onDone: onClose,
  })
  const onHand = parseWhole(text)
  const isWrong = onHand === null || onHand < 1
  const missing = (value: string) => isTried && !value.trim() && t('shell.required')

  function confirm(): void {
    setTried(true)
    if (name.trim() && unit.trim() && !isWrong)
      intent.send({ stockItemId, quantity: onHand, name: name.trim(), unit: unit.trim() })
  }

  return (
    <Dialog
      title={t('stock.add.title')}
      onClose={onClose}
      intent={intent}
      onConfirm={confirm}
      confirm={t('stock.add.confirm')}
    >
      <TextInput
        label={t('stock.add.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={100}
        error={missing(name)}
        disabled={intent.isOpen}
        data-autofocus
      />
      <div className={rows.row}>
        <TextInput
          label={t('stock.add.unit')}
          description={t('stock.add.unitHint')}
          value={unit}
          onChange={(event) => setUnit(event.currentTarget.value)}
          maxLength={20}
          error={missing(unit)}
          disabled={intent.isOpen}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
        />
        <TextInput
          label={t('stock.add.quantity')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          inputMode="numeric"
          error={isWrong && (isTried || text.trim() !== '') && t('shell.notNumber')}
          disabled={intent.isOpen}
        />
      </div>
    </Dialog>
  )
}
