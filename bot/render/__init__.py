"""What the message forms of all channels share. Pure, except that it reads template files.

    view        what every form shows of an edition (wording: the words of a language)
    plaintext   text cleaned, cut and measured
    themes      templates/<theme>/, one file for each form

The forms themselves are in the channels' packages. bot.editorial decides what an edition says.
"""
