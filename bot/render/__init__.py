"""What the message forms of all channels share. Pure but for reading template files.

    view        what every form shows of an edition, cleaned and worded (wording: the words of a language)
    plaintext   text cleaned, cut and measured
    themes      templates/<theme>/, a file a form

The forms themselves stand with their channels. What an edition says is decided in bot.editorial.
"""
