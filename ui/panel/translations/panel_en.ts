<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>FilesPage</name>
    <message numerus="yes">
        <source>%n file(s) chosen</source>
        <translation>
            <numerusform>%n file chosen</numerusform>
            <numerusform>%n files chosen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Print %n file(s)</source>
        <translation>
            <numerusform>Print %n file</numerusform>
            <numerusform>Print %n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HomePage</name>
    <message numerus="yes">
        <source>%n running</source>
        <comment>jobs</comment>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobPage</name>
    <message numerus="yes">
        <source>%n page(s) scanned. Is there another one?</source>
        <translation>
            <numerusform>%n page scanned. Is there another one?</numerusform>
            <numerusform>%n pages scanned. Is there another one?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Your %n page(s) so far are safe.</source>
        <translation>
            <numerusform>The page scanned so far is safe.</numerusform>
            <numerusform>Your %n pages so far are safe.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Save %n page(s)</source>
        <translation>
            <numerusform>Save %n page</numerusform>
            <numerusform>Save %n pages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PinDots</name>
    <message numerus="yes">
        <source>%n digit(s) entered</source>
        <translation>
            <numerusform>%n digit entered</numerusform>
            <numerusform>%n digits entered</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PinPage</name>
    <message numerus="yes">
        <source>Wrong PIN. %n try(s) left.</source>
        <translation>
            <numerusform>Wrong PIN. %n try left.</numerusform>
            <numerusform>Wrong PIN. %n tries left.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PrintPage</name>
    <message numerus="yes">
        <source>Print %n file(s)</source>
        <translation>
            <numerusform>Print %n file</numerusform>
            <numerusform>Print %n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProvidersPage</name>
    <message numerus="yes">
        <source>%n running</source>
        <comment>jobs</comment>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n byte</numerusform>
            <numerusform>%n bytes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n copies</source>
        <translation>
            <numerusform>%n copy</numerusform>
            <numerusform>%n copies</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n page</numerusform>
            <numerusform>%n pages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
</TS>
