import { expect, it } from 'vitest'
import { aboutMs, Company } from '../../src/sync/company.ts'

it('others are about for as long as they have asked of late, and nobody is company to themselves', () => {
  let now = 0
  const company = new Company(() => now)
  expect(company.isAbout('a')).toBe(false)
  company.note('a')
  company.note('a')
  expect(company.isAbout('a')).toBe(false)
  expect(company.isAbout('b')).toBe(true)

  company.note('b')
  for (let i = 0; i < 100; i += 1) company.note('a')
  expect(company.isAbout('a')).toBe(true)
  now = aboutMs - 1
  company.note('a')
  expect(company.isAbout('a')).toBe(true)
  now = aboutMs
  expect(company.isAbout('a')).toBe(false)
  expect(company.isAbout('b')).toBe(true)
  company.note('c')
  expect(company.isAbout('a')).toBe(true)
  expect(company.isAbout('c')).toBe(true)
})
