import { describe, expect, it } from 'vitest'
import { attendances } from '../../src/modules/attendance/tables.ts'
import { aMinuteBefore, given } from '../support/decider.ts'
import { atWork, ids } from '../support/rows.ts'

const other = '77777777-7777-4777-8777-777777777777'
const location = { latitude: 11.55, longitude: 104.92, accuracyM: 25 }

describe('attendance.startWork', () => {
  it('makes a running record of the actor; the location is evidence', () => {
    const after = given()
      .when('attendance.startWork', { attendanceId: ids.attendance, location })
      .thenAccepted({ attendanceId: ids.attendance })
    expect(after.one(attendances)).toEqual({
      id: ids.attendance,
      branchId: 'riverside',
      actorId: 'sophea',
      status: 'ACTIVE',
      startedAt: aMinuteBefore,
      endedAt: null,
      startLocation: location,
      endLocation: null,
    })
    expect(after.audit).toEqual(['WORK_STARTED'])
  })

  it('a location is never a gate: none is needed', () => {
    const after = given().when('attendance.startWork', { attendanceId: ids.attendance }).thenAccepted()
    expect(after.one(attendances).startLocation).toBeNull()
  })

  it.each([
    ['rough', { ...location, accuracyM: 2_500_000 }, { ...location, accuracyM: 2_500_000 }],
    ['no place', { ...location, latitude: 91 }, null],
    ['invalid by its device', { ...location, accuracyM: -1 }, null],
    ['of another shape', 'Riverside', null],
  ])('a location is never a gate: one that is %s', (_what, sent, kept) => {
    const started = given()
      .when('attendance.startWork', { attendanceId: ids.attendance, location: sent })
      .thenAccepted()
    expect(started.one(attendances).startLocation).toEqual(kept)
    const ended = given(atWork())
      .when('attendance.endWork', { attendanceId: ids.attendance, location: sent })
      .thenAccepted()
    expect(ended.one(attendances).endLocation).toEqual(kept)
  })

  it.each(['riverside', 'market'])('one running record a person and tenant: one runs in %s', (branchId) => {
    given(atWork({ branchId }))
      .when('attendance.startWork', { attendanceId: other })
      .thenRejected('ATTENDANCE_ALREADY_ACTIVE', { attendanceId: ids.attendance })
  })

  it('others at work, or work that has ended, are in nobody’s way', () => {
    given(atWork({ actorId: 'vannak' }))
      .when('attendance.startWork', { attendanceId: other })
      .thenAccepted()
    given(atWork({ status: 'COMPLETED' }))
      .when('attendance.startWork', { attendanceId: other })
      .thenAccepted()
  })

  it('an id is used once', () => {
    given(atWork({ status: 'COMPLETED' }))
      .when('attendance.startWork', { attendanceId: ids.attendance })
      .thenRejected('PAYLOAD_INVALID')
    given(atWork({ actorId: 'vannak' }))
      .when('attendance.startWork', { attendanceId: ids.attendance })
      .thenRejected('PAYLOAD_INVALID')
  })
})

describe('attendance.endWork', () => {
  it('completes the record and deletes nothing', () => {
    const after = given(atWork({ startLocation: location }))
      .when('attendance.endWork', { attendanceId: ids.attendance, location: { ...location, accuracyM: 5 } })
      .thenAccepted({ attendanceId: ids.attendance })
    expect(after.one(attendances)).toMatchObject({
      status: 'COMPLETED',
      endedAt: aMinuteBefore,
      startLocation: location,
      endLocation: { accuracyM: 5 },
    })
    expect(after.audit).toEqual(['WORK_ENDED'])
  })

  it.each([
    ['there is none', []],
    ['it has ended', [atWork({ status: 'COMPLETED' })]],
    ['it is somebody else’s', [atWork({ actorId: 'vannak' })]],
    ['it runs in another branch', [atWork({ branchId: 'market' })]],
  ])('ends only what the actor has running here: %s', (_, rows) => {
    given(rows)
      .when('attendance.endWork', { attendanceId: ids.attendance })
      .thenRejected('ATTENDANCE_NOT_ACTIVE', { attendanceId: ids.attendance })
  })
})
