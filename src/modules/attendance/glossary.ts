import type { Glossary } from '../../sync/module.ts'

/** What its names mean in the schema (src/graphql/glossary.ts). */
export const glossary: Glossary = {
  Attendance: "A person's time at work.",
  attendanceId: 'A UUID that the device makes.',
  startedAt: "When the work began, by the device's clock, put right by what it knew of its error.",
  endedAt: 'When it ended; null: not yet.',
  location: 'Where the device says it was; left out or null: it did not say. Evidence, never a gate.',
  startLocation: '{ latitude, longitude, accuracyM } as the device said; null: it did not.',
  endLocation: '{ latitude, longitude, accuracyM } as the device said; null: it did not.',
  LocationInput: 'Where a device says it was.',
  latitude: 'Degrees, -90 to 90.',
  longitude: 'Degrees, -180 to 180.',
  accuracyM: 'Metres, 0 or more.',
}
