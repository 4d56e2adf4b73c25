/**
 * What a broken device or an enemy may send: values of the right JSON that nobody would think of.
 */
import fc from 'fast-check'

/** Nested arrays, deeper than any payload has a reason to be. */
const nested = (depth: number): unknown => {
  let value: unknown = 1
  for (let i = 0; i < depth; i += 1) value = i % 2 ? [value] : { in: value }
  return value
}

export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udc00x',
    '\uffff',
    '\u2028',
    '🥐'.repeat(40),
    'e\u0301',
    '__proto__',
    'constructor',
    'toString',
    "' or '1'='1",
    '$1::int; --',
    '%s%n',
    '{}',
    'NaN',
    '-0',
    'riverside ',
    'RIVERSIDE',
    'x'.repeat(5000),
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 8,
  }),
)

export const number: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    -1,
    0.1,
    1e-320,
    1.7976931348623157e308,
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 53,
    2 ** 53 - 1,
    -(2 ** 53) + 1,
    2 ** 63,
    5_000_000_000_001,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
)

/** Any JSON value. */
export const json: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 4, arbitrary: number },
  { weight: 2, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 2, arbitrary: fc.array(fc.oneof(text, number), { maxLength: 4 }) },
  { weight: 2, arbitrary: fc.dictionary(text, fc.oneof(text, number, fc.constant(null)), { maxKeys: 4 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(31, 32, 33, 2000).map(nested) },
)

/** Times that a device's clock may show, all of them in the right form. */
export const time: fc.Arbitrary<string> = fc.constantFrom(
  '0001-01-01T00:00:00Z',
  '0001-01-01T00:00:00.000-14:00',
  '1600-02-29T12:00:00Z',
  '1969-12-31T23:59:59.999Z',
  '2026-03-01T08:30:00.123456789Z',
  '2026-03-01T08:30:00+14:00',
  '2026-03-01T08:30:00-00:00',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59+23:59',
)

/** Places in a device's queue that no device has, but every integer can be. */
export const deviceSeq: fc.Arbitrary<number> = fc.constantFrom(
  0,
  -1,
  -7,
  1,
  2,
  1_000_000_007,
  2 ** 53 - 1,
  -(2 ** 53) + 1,
)
