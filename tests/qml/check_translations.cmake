# SPDX-License-Identifier: Apache-2.0
# Fails when a text of the panel has no translation: brings a copy of the .ts files up to date and looks.
file(MAKE_DIRECTORY ${WORK})
foreach(language en fr)
    file(COPY ${TS}/panel_${language}.ts DESTINATION ${WORK})
    set(plural "")
    if(language STREQUAL en)
        set(plural -pluralonly)
    endif()
    execute_process(COMMAND ${LUPDATE} -silent -locations none -no-obsolete ${plural} ${FILES} -ts ${WORK}/panel_${language}.ts
                    RESULT_VARIABLE result ERROR_VARIABLE said)
    file(READ ${WORK}/panel_${language}.ts text)
    string(REGEX MATCHALL "<source>[^<]*</source>[^<]*(<comment>[^<]*</comment>[^<]*|<extracomment>[^<]*</extracomment>[^<]*)*<translation type=\"unfinished\"" missing "${text}")
    if(result OR missing OR text MATCHES "unfinished" OR NOT text MATCHES "<translation>")
        message(FATAL_ERROR "panel_${language}.ts lacks translations (ninja panel_lupdate, then translate): ${missing} ${said}")
    endif()
endforeach()
