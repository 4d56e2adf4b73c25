/** Forms: the component kit's own, each with one intent as its answer. */
import { useForm } from '@mantine/form'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { OnlinePayloads, OnlineType, Verdict } from '../../sdk/index.ts'
import { changedIn } from '../lib/changed-in.ts'
import type { FormValues } from '../lib/form-values.ts'
import { fieldsIn } from '../lib/intent.ts'
import { useIntent } from './use-intent.ts'

type Draft = Record<string, unknown>
export type Form<Typed extends Draft> = ReturnType<typeof useForm<Typed>>
type Options<Type extends OnlineType, Typed> = {
  /** What it begins with. */
  draft: Typed
  from: (typed: Typed) => FormValues<OnlinePayloads[Type]>
  words?: (typed: Typed) => Readonly<Record<string, string>>
  /** A field that is typed says at once that it is wrong; left out: it does. */
  asTyped?: boolean
  branchId?: string | null | ((typed: Typed) => string)
  done: (typed: Typed) => string
  onDone?: (verdict: Verdict) => void
}

/**
 * `from` makes the payload of what is typed, or says which of its fields are wrong. Those say so, and those that the
 * gateway refuses, by the last part of their path in `words`; or else that they are needed.
 */
export function useIntentForm<Type extends OnlineType, Typed extends Draft>(
  type: Type,
  options: Options<Type, Typed>,
) {
  const { draft, from, words, asTyped = true, branchId, done, onDone } = options
  const { t } = useTranslation('admin')
  const errorsAt = (typed: Typed, paths: Iterable<string>): Record<string, string> => {
    const said = words?.(typed) ?? {}
    return Object.fromEntries(
      [...paths].map((path) => [path, said[path.slice(path.lastIndexOf('.') + 1)] ?? t('shell.required')]),
    )
  }
  const ways: Parameters<typeof useForm<Typed>>[0] = {
    initialValues: draft,
    validateInputOnChange: asTyped,
    validate: (typed) => errorsAt(typed, from(typed).wrong ?? []),
    enhanceGetInputProps: ({ inputProps: { onChange } }) => ({
      disabled: intent.isOpen,
      onChange: (value: unknown) => {
        // What the gateway said is of what was there before.
        intent.dismiss()
        onChange(value)
      },
    }),
  }
  const form: Form<Typed> = useForm<Typed>(ways)
  const intent = useIntent(type, {
    branchId: typeof branchId === 'function' ? branchId(form.values) : branchId,
    done: done(form.values),
    onDone,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each refusal
  useEffect(() => {
    const refused = fieldsIn(intent.state)
    if (refused.size > 0) form.setErrors(errorsAt(form.getValues(), refused))
  }, [intent.state])
  const submit = form.onSubmit((typed) => {
    const { values } = from(typed)
    if (values) intent.send(values)
  })
  return { form, intent, values: from(form.values).values, submit, answer: { intent, submit } }
}

/** A form over what is there: fields that nobody touched follow it, whatever comes in, and only what differs is sent. */
export function useEditForm<Type extends OnlineType, Typed extends Draft>(
  type: Type,
  { there, ...options }: Omit<Options<Type, Typed>, 'onDone'> & { there: OnlinePayloads[Type] },
) {
  const { draft, from } = options
  const answer = useIntentForm<Type, Typed>(type, {
    ...options,
    from: (typed) => {
      const { values, wrong } = from(typed)
      // Of what may be left out, less is a payload too.
      return wrong ? { values, wrong } : { values: changedIn(values, there) as typeof values, wrong }
    },
    onDone: () => form.reset(),
  })
  const { form, intent } = answer
  // biome-ignore lint/correctness/useExhaustiveDependencies: when something else is there
  useEffect(() => {
    const typed = changedIn(form.getValues(), form.getInitialValues())
    form.setInitialValues(draft)
    form.setValues({ ...draft, ...typed })
  }, [JSON.stringify(draft)])
  return {
    ...answer,
    reset: () => {
      intent.dismiss()
      form.reset()
    },
  }
}
