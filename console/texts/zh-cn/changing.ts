import type { ScreenTexts } from '../en-screens.ts'

export const changing: ScreenTexts['changing'] = {
  apply: '应用',
  back: '返回',
  leave: '保持不变',
  switchOf: (factor, isOn) => `${isOn ? '开启' : '关闭'}“${factor}”`,
  nothingChosen: '请至少选择一个要开启或关闭的因素。',
  typeNumber: count => `请输入 ${count} 以确认`,
  typeText: text => `请输入“${text}”以确认`,
  wrongConfirmation: '输入的内容不一致。没有发送任何内容。',
  isBack: '您已返回。更改以预览形式保留：尚未发送。',
}
