/**
 * What a contract finds wrong, each with its place. Where a part may have one of several forms, it is what the form says
 * that fits best: "invalid input" helps nobody.
 */
import type { core } from 'zod/mini'

export type ContractIssue = { readonly path: readonly PropertyKey[]; readonly message: string }

export const contractIssues = (error: Pick<core.$ZodError, 'issues'>): ContractIssue[] =>
  error.issues.flatMap((issue) => issuesOf(issue, []))

function issuesOf(issue: core.$ZodIssue, at: readonly PropertyKey[]): ContractIssue[] {
  const path = [...at, ...issue.path]
  const forms = issue.code === 'invalid_union' ? issue.errors : []
  const [nearest] = forms
    .map((form) => form.flatMap((each) => issuesOf(each, path)))
    .toSorted((one, other) => one.length - other.length)
  return nearest && nearest.length > 0 ? nearest : [{ path, message: issue.message }]
}
