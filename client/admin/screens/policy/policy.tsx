import { SimpleGrid, Skeleton, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormats } from '../../../ui/format.ts'
import { BranchPicker, useBranch } from '../../components/branch-picker.tsx'
import { InBranch } from '../../components/in-branch.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { OnlyAdmin } from '../../components/only-admin.tsx'
import { Screen } from '../../components/screen.tsx'
import { draftOf, type Policy, valuesOf } from '../../lib/policy.ts'
import { useEditForm } from '../../live/use-intent-form.ts'
import { useReading } from '../../live/use-reading.ts'
import { policyQuery } from './documents.ts'
import { PolicyExample } from './policy-example.tsx'
import { PolicyForm } from './policy-form.tsx'

export default function PolicyScreen() {
  const { t } = useTranslation('admin')
  const branchId = useBranch()
  const policy = useReading(policyQuery, { branchId }, { modules: ['POLICY'] })
  return (
    <Screen title={t('policy.title')} actions={<BranchPicker />}>
      <OnlyAdmin permission="policy.edit" />
      <Loaded of={policy} skeleton={<Skeleton height={360} />}>
        {(data) => (
          <InBranch branchId={branchId}>
            <Edit key={branchId} branchId={branchId} policy={data.policy} />
          </InBranch>
        )}
      </Loaded>
    </Screen>
  )
}

function Edit({ branchId, policy }: { branchId: string; policy: Policy }) {
  const { t } = useTranslation('admin')
  const { dayAndTime } = useFormats()
  const draft = draftOf(policy)
  const answer = useEditForm('policy.update', {
    there: valuesOf(draft).values ?? {},
    draft,
    from: valuesOf,
    words: () => ({ vatRatePercent: t('policy.vatRateWrong'), fxRateKhrPerUsd: t('policy.fxRateWrong') }),
    branchId,
    done: () => t('policy.saved'),
  })
  const { form } = answer
  return (
    <>
      <Text c="dimmed" mb="md" data-testid="policy-revision" data-revision={policy.revision}>
        {t('policy.revision', { revision: policy.revision, time: dayAndTime(policy.updatedAt) })}
      </Text>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <PolicyForm of={answer} />
        <PolicyExample
          now={valuesOf(draft).values}
          changed={form.isDirty() ? valuesOf(form.values).values : null}
        />
      </SimpleGrid>
    </>
  )
}
