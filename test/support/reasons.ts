/** Reasons that people write and that hold invisible characters, each with the kind of character. */
export const REASONS: readonly (readonly [kind: string, reason: string])[] = [
  ['Persian with its non-joiners', 'نمی\u200cخواهم گوشی گم\u200cشده فعال بماند'],
  ['Hindi with joiners', 'फ़ोन खो गया, रक्\u200dषा हेतु बंद करें, क्\u200cष'],
  ['Arabic with marks of direction', 'فقد الهاتف\u200f \u2067(4711)\u2069 \u061cتم'],
  ['Hebrew beside an English name', 'הטלפון אבד \u200e(Ada)\u200e, בקשה 4711'],
  ['words with a family', 'Lost phone of a family \u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}'],
  ['words with a heart in colour', 'Done \u2764\ufe0f thanks'],
  ['words with a flag of two letters', 'Moved to \u{1f1ee}\u{1f1f7}'],
  [
    'words with a flag of tag characters',
    'Moved to \u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  ],
  ['several lines of a text area', 'Ticket 4711\r\nPhone lost\r\n\r\n\t- called back'],
  ['several lines with plain line ends', 'Ticket 4711\nPhone lost'],
  ['several lines of an old editor', 'Ticket 4711\rPhone lost'],
  ['lines and paragraphs of a word processor', 'Ticket 4711\u2028Phone lost\u2029Called back'],
  ['a word with a soft hyphen', 'Tele\u00adphone lost'],
  ['a text with a byte order mark', '\ufeffPhone lost'],
  ['Chinese with a character of private use', '丢失手机 \ue000'],
  ['Thai with a zero width space', 'โทรศัพท์\u200bหาย'],
]
