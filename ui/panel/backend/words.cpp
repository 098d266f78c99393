// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/words.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace connector::ui {

namespace {

struct Phrase {
    const char *key;
    const char *text;
};

template <std::size_t N>
QString phrase(const Phrase (&table)[N], const QString &key)
{
    const auto *found = std::find_if(std::begin(table), std::end(table),
                                     [&](const Phrase &one) { return key == QLatin1String(one.key); });
    return found == std::end(table) ? QString() : QCoreApplication::translate("Words", found->text);
}

constexpr Phrase kPrinterReasons[] = {
    {"media-empty", QT_TRANSLATE_NOOP("Words", "Out of paper")},
    {"media-needed", QT_TRANSLATE_NOOP("Words", "Out of paper")},
    {"media-jam", QT_TRANSLATE_NOOP("Words", "Paper jam")},
    {"cover-open", QT_TRANSLATE_NOOP("Words", "Cover open")},
    {"door-open", QT_TRANSLATE_NOOP("Words", "Cover open")},
    {"toner-empty", QT_TRANSLATE_NOOP("Words", "Out of toner")},
    {"marker-supply-empty", QT_TRANSLATE_NOOP("Words", "Out of ink or toner")},
    {"output-area-full", QT_TRANSLATE_NOOP("Words", "Output tray full")},
    {"paused", QT_TRANSLATE_NOOP("Words", "Paused")},
    {"toner-low", QT_TRANSLATE_NOOP("Words", "Ready, toner low")},
    {"marker-supply-low", QT_TRANSLATE_NOOP("Words", "Ready, ink or toner low")},
    {"media-low", QT_TRANSLATE_NOOP("Words", "Ready, paper low")},
    {"feeder-jammed", QT_TRANSLATE_NOOP("Words", "Paper jam")},
    {"feeder-empty", QT_TRANSLATE_NOOP("Words", "Feeder empty")},
    {"scanner-cover-open", QT_TRANSLATE_NOOP("Words", "Cover open")},
};

constexpr Phrase kPrinterStates[] = {
    {"idle", QT_TRANSLATE_NOOP("Words", "Ready")},
    {"processing", QT_TRANSLATE_NOOP("Words", "Printing")},
    {"stopped", QT_TRANSLATE_NOOP("Words", "Stopped")},
    {"unreachable", QT_TRANSLATE_NOOP("Words", "Does not answer")},
};

constexpr Phrase kScannerStates[] = {
    {"idle", QT_TRANSLATE_NOOP("Words", "Ready")},
    {"busy", QT_TRANSLATE_NOOP("Words", "Scanning")},
    {"unreachable", QT_TRANSLATE_NOOP("Words", "Does not answer")},
};

constexpr Phrase kColorModes[] = {
    {"auto", QT_TRANSLATE_NOOP("Words", "Automatic")},
    {"color", QT_TRANSLATE_NOOP("Words", "Colour")},
    {"monochrome", QT_TRANSLATE_NOOP("Words", "Black and white")},
    {"gray", QT_TRANSLATE_NOOP("Words", "Grey")},
    {"lineart", QT_TRANSLATE_NOOP("Words", "Black and white")},
};

constexpr Phrase kSides[] = {
    {"one-sided", QT_TRANSLATE_NOOP("Words", "One side")},
    {"two-sided-long-edge", QT_TRANSLATE_NOOP("Words", "Both sides")},
    {"two-sided-short-edge", QT_TRANSLATE_NOOP("Words", "Both, short edge")},
};

// As they are said among other words.
constexpr Phrase kSidesSaid[] = {
    {"one-sided", QT_TRANSLATE_NOOP("Words", "one side")},
    {"two-sided-long-edge", QT_TRANSLATE_NOOP("Words", "both sides")},
    {"two-sided-short-edge", QT_TRANSLATE_NOOP("Words", "both sides by the short edge")},
};

constexpr Phrase kColorsSaid[] = {
    {"color", QT_TRANSLATE_NOOP("Words", "in colour")},
    {"monochrome", QT_TRANSLATE_NOOP("Words", "in black and white")},
    {"gray", QT_TRANSLATE_NOOP("Words", "in grey")},
    {"lineart", QT_TRANSLATE_NOOP("Words", "in black and white")},
};

constexpr Phrase kQualities[] = {
    {"draft", QT_TRANSLATE_NOOP("Words", "Draft")},
    {"normal", QT_TRANSLATE_NOOP("Words", "Normal")},
    {"high", QT_TRANSLATE_NOOP("Words", "High")},
};

constexpr Phrase kSources[] = {
    {"flatbed", QT_TRANSLATE_NOOP("Words", "Glass")},
    {"feeder", QT_TRANSLATE_NOOP("Words", "Feeder")},
    {"feeder-duplex", QT_TRANSLATE_NOOP("Words", "Feeder, both sides")},
};

constexpr Phrase kMedia[] = {
    {"iso_a3_297x420mm", QT_TRANSLATE_NOOP("Words", "A3")},
    {"iso_a4_210x297mm", QT_TRANSLATE_NOOP("Words", "A4")},
    {"iso_a5_148x210mm", QT_TRANSLATE_NOOP("Words", "A5")},
    {"iso_a6_105x148mm", QT_TRANSLATE_NOOP("Words", "A6")},
    {"iso_b5_176x250mm", QT_TRANSLATE_NOOP("Words", "B5")},
    {"jis_b5_182x257mm", QT_TRANSLATE_NOOP("Words", "B5 (JIS)")},
    {"iso_dl_110x220mm", QT_TRANSLATE_NOOP("Words", "Envelope DL")},
    {"iso_c5_162x229mm", QT_TRANSLATE_NOOP("Words", "Envelope C5")},
    {"na_letter_8.5x11in", QT_TRANSLATE_NOOP("Words", "Letter")},
    {"na_legal_8.5x14in", QT_TRANSLATE_NOOP("Words", "Legal")},
    {"na_executive_7.25x10.5in", QT_TRANSLATE_NOOP("Words", "Executive")},
    {"na_ledger_11x17in", QT_TRANSLATE_NOOP("Words", "Tabloid")},
    {"na_number-10_4.125x9.5in", QT_TRANSLATE_NOOP("Words", "Envelope No. 10")},
    {"na_index-4x6_4x6in", QT_TRANSLATE_NOOP("Words", "Photo 10 x 15 cm")},
    {"na_5x7_5x7in", QT_TRANSLATE_NOOP("Words", "Photo 13 x 18 cm")},
};

constexpr Phrase kFileTypes[] = {
    {"folder", QT_TRANSLATE_NOOP("Words", "Folder")},
    {"pdf", QT_TRANSLATE_NOOP("Words", "PDF")},
    {"image", QT_TRANSLATE_NOOP("Words", "Picture")},
    {"text", QT_TRANSLATE_NOOP("Words", "Text")},
    {"document", QT_TRANSLATE_NOOP("Words", "Document")},
    {"spreadsheet", QT_TRANSLATE_NOOP("Words", "Spreadsheet")},
    {"presentation", QT_TRANSLATE_NOOP("Words", "Presentation")},
    {"archive", QT_TRANSLATE_NOOP("Words", "Archive")},
    {"audio", QT_TRANSLATE_NOOP("Words", "Sound")},
    {"video", QT_TRANSLATE_NOOP("Words", "Video")},
    {"other", QT_TRANSLATE_NOOP("Words", "File")},
};

constexpr Phrase kPlaces[] = {
    {"shared-with-me", QT_TRANSLATE_NOOP("Words", "Shared with me")},
    {"recent", QT_TRANSLATE_NOOP("Words", "Recent")},
    {"drive", QT_TRANSLATE_NOOP("Words", "Shared folder")},
};

constexpr Phrase kProfileStates[] = {
    {"pending", QT_TRANSLATE_NOOP("Words", "Waiting for sign-in")},
    {"granted", QT_TRANSLATE_NOOP("Words", "Ready to open")},
    {"expired", QT_TRANSLATE_NOOP("Words", "Code expired: tap for a new one")},
    {"revoked", QT_TRANSLATE_NOOP("Words", "Access has ended: sign in again")},
    {"domain-refused", QT_TRANSLATE_NOOP("Words", "This account is not allowed here")},
};

constexpr Phrase kSignInMethods[] = {
    {"list", QT_TRANSLATE_NOOP("Words", "From the list")},
    {"password", QT_TRANSLATE_NOOP("Words", "Name and password")},
    {"pin", QT_TRANSLATE_NOOP("Words", "PIN")},
    {"card", QT_TRANSLATE_NOOP("Words", "Card")},
};

constexpr Phrase kPrintStages[] = {
    {"queued", QT_TRANSLATE_NOOP("Words", "Accepted")}, {"fetch", QT_TRANSLATE_NOOP("Words", "Get from the cloud")},
    {"convert", QT_TRANSLATE_NOOP("Words", "Prepare")}, {"send", QT_TRANSLATE_NOOP("Words", "Send to the printer")},
    {"print", QT_TRANSLATE_NOOP("Words", "Print")},
};

constexpr Phrase kScanStages[] = {
    {"queued", QT_TRANSLATE_NOOP("Words", "Accepted")},
    {"scan", QT_TRANSLATE_NOOP("Words", "Scan the pages")},
    {"assemble", QT_TRANSLATE_NOOP("Words", "Make the document")},
    {"deliver", QT_TRANSLATE_NOOP("Words", "Save in the cloud")},
};

// "custom_210x250mm_210x250mm" and other names that we do not know still say their size.
QString sizeFromMediaName(const QString &name)
{
    const QString last = name.section(QLatin1Char('_'), -1);
    QString said = last;
    said.replace(QLatin1Char('x'), QStringLiteral(" × "));
    said.replace(QStringLiteral("mm"), QStringLiteral(" mm"));
    said.replace(QStringLiteral("in"), QStringLiteral(" in"));
    return said;
}

} // namespace

Words::Words(QObject *parent) : QObject(parent) {}

QString Words::domainAdvice(const QStringList &domains) const
{
    //: %1 is a list such as "example.org, example.com"
    return domains.isEmpty() ? errorAdvice(QStringLiteral("domain-refused"))
                             : QCoreApplication::translate("Words", "Sign in with an e-mail address at: %1.")
                                   .arg(m_locale.createSeparatedList(domains));
}

QString Words::size(double bytes) const
{
    if (bytes < 0 || std::isnan(bytes))
        return {};
    if (bytes < 1000)
        return QCoreApplication::translate("Words", "%n byte(s)", nullptr, int(bytes));
    const double value = bytes < 1e6 ? bytes / 1e3 : bytes < 1e9 ? bytes / 1e6 : bytes / 1e9;
    const QString number = m_locale.toString(value, 'f', value < 10 && bytes >= 1e6 ? 1 : 0);
    if (bytes < 1e6)
        return QCoreApplication::translate("Words", "%1 KB").arg(number);
    return bytes < 1e9 ? QCoreApplication::translate("Words", "%1 MB").arg(number)
                       : QCoreApplication::translate("Words", "%1 GB").arg(number);
}

QString Words::sizeOf(double bytes, double total) const
{
    //: Progress: "1.2 MB of 7.0 MB"
    return total > 0 ? QCoreApplication::translate("Words", "%1 of %2").arg(size(bytes), size(total)) : size(bytes);
}

QString Words::date(const QDateTime &when) const
{
    if (!when.isValid())
        return {};
    //: Date of a file, in the form of Qt's QDateTime::toString
    return m_locale.toString(when.toLocalTime(), QCoreApplication::translate("Words", "d MMM yyyy"));
}

QString Words::longDate(const QDateTime &when) const
{
    //: Date on the home screen, in the form of Qt's QDateTime::toString
    return when.isValid() ? m_locale.toString(when.toLocalTime(), QCoreApplication::translate("Words", "dddd d MMMM"))
                          : QString();
}

QString Words::time(const QDateTime &when) const
{
    return when.isValid() ? m_locale.toString(when.toLocalTime(), QStringLiteral("HH:mm")) : QString();
}

QString Words::dateTime(const QDateTime &when) const
{
    if (!when.isValid())
        return {};
    //: Date and time, in the form of Qt's QDateTime::toString
    return m_locale.toString(when.toLocalTime(), QCoreApplication::translate("Words", "dddd d MMMM, HH:mm"));
}

QString Words::countdown(int seconds) const
{
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString Words::fileType(const QString &type) const
{
    const QString said = phrase(kFileTypes, type);
    return said.isEmpty() ? phrase(kFileTypes, QStringLiteral("other")) : said;
}

QString Words::fileReason(const QString &reason) const
{
    return reason.isEmpty() ? QString() : errorTitle(reason);
}

QString Words::place(const QString &kind, const QString &name) const
{
    const QString said = phrase(kPlaces, kind);
    return name.isEmpty() ? said : name;
}

QString Words::waiting(const QString &code, const QDateTime &until) const
{
    if (!until.isValid())
        return {};
    if (code == QStringLiteral("rate-limited"))
        //: %1 is a time, such as 10:42
        return QCoreApplication::translate("Words", "The cloud asks to wait. It goes on at %1.").arg(time(until));
    if (code == QStringLiteral("network-waiting"))
        //: %1 is a time, such as 10:42
        return QCoreApplication::translate("Words", "The cloud does not answer. It is asked again at %1.")
            .arg(time(until));
    return {};
}

QString Words::profileState(const QString &state) const
{
    return phrase(kProfileStates, state);
}

QString Words::accessEnds(const QDateTime &when) const
{
    constexpr qint64 kMonthDays = 31;
    if (!when.isValid() || QDateTime::currentDateTimeUtc().daysTo(when) > kMonthDays)
        return {};
    //: %1 is a date
    return QCoreApplication::translate("Words", "Access ends on %1").arg(date(when));
}

QString Words::otherJob(const QString &kind) const
{
    return kind == QStringLiteral("scan") ? QCoreApplication::translate("Words", "Another guest's scan")
                                          : QCoreApplication::translate("Words", "Another guest's print");
}

QString Words::signInMethod(const QString &method) const
{
    const QString said = phrase(kSignInMethods, method);
    return said.isEmpty() ? method : said;
}

QString Words::unknownCard() const
{
    return QCoreApplication::translate("Words",
                                       "This card is not known here. Sign in another way, or ask your administrator.");
}

QString Words::shortcutProblem(const QString &kind, const QString &problem) const
{
    if (problem == QStringLiteral("file-gone"))
        return kind == QStringLiteral("print") ? QCoreApplication::translate("Words", "The file is no longer there")
                                               : QCoreApplication::translate("Words", "The folder is no longer there");
    if (problem == QStringLiteral("no-permission"))
        return kind == QStringLiteral("print")
                   ? QCoreApplication::translate("Words", "The file may no longer be read")
                   : QCoreApplication::translate("Words", "The folder takes no new files any more");
    return errorTitle(problem);
}

QString Words::shortcutAdvice(const QString &kind, const QString &problem) const
{
    const QString why = problem == QStringLiteral("file-gone")
                            ? QCoreApplication::translate("Words", "It was moved or deleted in the cloud.")
                        : problem == QStringLiteral("no-permission")
                            ? QCoreApplication::translate("Words", "The account's rights have changed in the cloud.")
                            : QString();
    const QString advice =
        kind == QStringLiteral("print")
            ? QCoreApplication::translate("Words", "Choose another file for this shortcut, or delete it.")
            : QCoreApplication::translate("Words", "Choose another folder for this shortcut, or delete it.");
    return why.isEmpty() ? advice : why + QLatin1Char(' ') + advice;
}

QString Words::printerState(const QString &state, const QStringList &reasons) const
{
    if (state != QStringLiteral("unreachable")) {
        for (const QString &reason : reasons) {
            const QString said = phrase(kPrinterReasons, reason);
            if (!said.isEmpty())
                return said;
        }
    }
    return phrase(kPrinterStates, state);
}

QString Words::scannerState(const QString &state, const QStringList &reasons) const
{
    if (state != QStringLiteral("unreachable")) {
        for (const QString &reason : reasons) {
            const QString said = phrase(kPrinterReasons, reason);
            if (!said.isEmpty())
                return said;
        }
    }
    return phrase(kScannerStates, state);
}

QString Words::colorMode(const QString &mode) const
{
    const QString said = phrase(kColorModes, mode);
    return said.isEmpty() ? mode : said;
}

QString Words::sides(const QString &sides) const
{
    const QString said = phrase(kSides, sides);
    return said.isEmpty() ? sides : said;
}

QString Words::media(const QString &name) const
{
    const QString said = phrase(kMedia, name);
    return said.isEmpty() ? sizeFromMediaName(name) : said;
}

QString Words::quality(const QString &quality) const
{
    const QString said = phrase(kQualities, quality);
    return said.isEmpty() ? quality : said;
}

QString Words::source(const QString &source) const
{
    const QString said = phrase(kSources, source);
    return said.isEmpty() ? source : said;
}

QString Words::copies(int count) const
{
    return QCoreApplication::translate("Words", "%n copies", nullptr, count);
}

QString Words::printSummary(int count, const QString &sides, const QString &colorMode, const QString &media) const
{
    QStringList said{copies(count), phrase(kSidesSaid, sides), phrase(kColorsSaid, colorMode), this->media(media)};
    said.removeAll(QString());
    return said.join(QStringLiteral(", "));
}

QString Words::scanSummary(const QString &source, const QString &colorMode, int resolution) const
{
    QStringList said{this->source(source), phrase(kColorsSaid, colorMode),
                     //: Dots per inch
                     QCoreApplication::translate("Words", "%1 dpi").arg(resolution), QStringLiteral("PDF")};
    said.removeAll(QString());
    return said.join(QStringLiteral(", "));
}

QString Words::pages(int count) const
{
    return QCoreApplication::translate("Words", "%n page(s)", nullptr, count);
}

QString Words::files(int count) const
{
    return QCoreApplication::translate("Words", "%n file(s)", nullptr, count);
}

QString Words::stage(const QString &kind, const QString &stage) const
{
    return kind == QStringLiteral("scan") ? phrase(kScanStages, stage) : phrase(kPrintStages, stage);
}

} // namespace connector::ui
