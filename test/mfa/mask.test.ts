import { expect, it } from 'vitest'
import { maskEmail, maskPhone } from '../../src/mfa/mask.ts'

it.each([
  ['13800000001', '138****0001'],
  ['+8613800000001', '+86****0001'],
  ['2125550100', '****00'],
  ['555010', '****10'],
  ['55501', '****'],
  ['1', '****'],
  ['😀😀😀13800000001', '😀😀😀****0001'],
  ['00000😀', '****0😀'],
])('the phone %s is shown as %s', (phone, shown) => {
  expect(maskPhone(phone)).toBe(shown)
})

it.each([
  ['ada@example.com', 'a***@example.com'],
  ['a@example.com', '***@example.com'],
  ['😀da@example.com', '😀***@example.com'],
  ['a@b@example.com', 'a***@example.com'],
  ['no address', '***'],
  ['@', '***@'],
])('the address %s is shown as %s', (email, shown) => {
  expect(maskEmail(email)).toBe(shown)
})
