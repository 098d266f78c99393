// SPDX-License-Identifier: Apache-2.0
#include "profiles/instructions.h"

#include "profiles/pdf_page.h"

#include <array>
#include <ctime>

namespace connector {

namespace {

// %1, %2, … stand for what is told.
struct Words {
    const char *title;
    const char *mailIntro;
    const char *scan;
    const char *openLink;
    const char *openAddress;
    const char *compare;
    const char *compareUnnamed;
    const char *signIn;
    const char *goBack;
    const char *address;
    const char *code;
    const char *validUntil;
    const char *profile;
    const char *printer;
    const char *otherLetters;
    const char *once;
    const char *notYou;
    std::array<const char *, 7> days;
    std::array<const char *, 12> months;
};

constexpr Words kEnglish{
    "Link your %1 account",
    "At the printer \"%1\" somebody asked to link a %2 account to the profile \"%3\", and to have the "
    "instructions sent to this address.",
    "Scan the QR code with your phone, or open the address below in a browser and enter the code.",
    "Open this link:",
    "Or open %1 in a browser and enter the code %2.",
    "Check that the page names this printer.",
    "Check that the page names the printer that you took this sheet from.",
    "Accept the terms of use, sign in to %1 and allow access.",
    "Open the profile at the printer within 72 hours.",
    "Address",
    "Code",
    "Valid until",
    "Profile",
    "Printer",
    "The name has letters that cannot be printed here.",
    "The code works once, and only for this profile at this printer.",
    "If you did not ask for this, do nothing: without your sign-in nobody gets access to your files.",
    {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
    {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December"}};
constexpr Words kFrench{
    "Associer votre compte %1",
    "À l’imprimante « %1 », quelqu’un a demandé d’associer un compte %2 au profil « %3 » et d’envoyer les instructions "
    "à "
    "cette adresse.",
    "Lisez le code QR avec votre téléphone, ou ouvrez l’adresse ci-dessous dans un navigateur et saisissez le code.",
    "Ouvrez ce lien :",
    "Ou ouvrez %1 dans un navigateur et saisissez le code %2.",
    "Vérifiez que la page nomme bien cette imprimante.",
    "Vérifiez que la page nomme bien l’imprimante d’où vient cette feuille.",
    "Acceptez les conditions d’utilisation, connectez-vous à %1 et autorisez l’accès.",
    "Ouvrez le profil à l’imprimante dans les 72 heures.",
    "Adresse",
    "Code",
    "Valable jusqu’au",
    "Profil",
    "Imprimante",
    "Le nom a des lettres qui ne peuvent pas être imprimées ici.",
    "Le code ne sert qu’une fois, et seulement pour ce profil à cette imprimante.",
    "Si vous n’avez rien demandé, ne faites rien : sans votre connexion, personne n’accède à vos fichiers.",
    {"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
     "décembre"}};

const Words &wordsOf(const std::string &language)
{
    return language == "fr" ? kFrench : kEnglish;
}

std::string filled(std::string_view text, std::initializer_list<std::string_view> values)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto index = static_cast<std::size_t>(i + 1 < text.size() ? text[i + 1] - '1' : 9);
        if (text[i] == '%' && index < values.size())
            out += *(values.begin() + index), ++i;
        else
            out += text[i];
    }
    return out;
}

std::string whereIs(const PortalDevice &device)
{
    return device.place.empty() ? device.name : device.name + ", " + device.place;
}

// As much of it as the page's fonts can show; empty where not even the name.
std::string printable(const PortalDevice &device)
{
    for (const std::string &words : {whereIs(device), device.name})
        if (PdfPage::canShow(words))
            return words;
    return {};
}

constexpr double kInch = 72;
constexpr double kGrey = 0.38;

} // namespace

std::string inWords(WallTime time, const std::string &language)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    std::tm local{};
    ::localtime_r(&seconds, &local);
    const Words &words = wordsOf(language);
    char clock[16];
    std::snprintf(clock, sizeof clock, "%02d:%02d", local.tm_hour, local.tm_min);
    return std::string(words.days.at(static_cast<std::size_t>(local.tm_wday))) + " " + std::to_string(local.tm_mday) +
           " " + words.months.at(static_cast<std::size_t>(local.tm_mon)) + " " + std::to_string(1900 + local.tm_year) +
           (language == "fr" ? " à " : ", ") + clock;
}

std::string titleOf(const Instructions &i)
{
    return filled(wordsOf(i.language).title, {i.cloud});
}

Mail mailOf(const Instructions &i, const std::string &to)
{
    const Words &words = wordsOf(i.language);
    std::string text = filled(words.mailIntro, {whereIs(i.device), i.cloud, i.profile}) + "\n\n";
    text += std::string("1. ") + words.openLink + "\n   " + i.uriComplete + "\n";
    if (!i.userCode.empty())
        text += "   " + filled(words.openAddress, {i.uri, i.userCode}) + "\n";
    text += std::string("2. ") + words.compare + "\n3. " + filled(words.signIn, {i.cloud}) + "\n4. " + words.goBack +
            "\n\n";
    text += std::string(words.validUntil) + ": " + inWords(i.expiresAt, i.language) + "\n" + words.once + "\n\n" +
            words.notYou + "\n";
    return {to, titleOf(i), std::move(text)};
}

std::string pageOf(const Instructions &i, double width, double height)
{
    using Font = PdfPage::Font;
    const Words &words = wordsOf(i.language);
    PdfPage page(width, height);
    const double left = 0.85 * kInch;
    const double inner = width - 2 * left;
    double y = left;

    page.text(left, y, Font::Bold, 11, "Cloud Connector", kGrey);
    page.rectangle(left, y + 10, inner, 1.2, 0);
    y = page.paragraph(left, y + 52, inner, Font::Bold, 26, titleOf(i));
    const std::string printer = printable(i.device);
    if (!printer.empty())
        y = page.paragraph(left, y - 8, inner, Font::Regular, 13, printer, kGrey);

    // The QR code at the left, what to do at its right.
    const double side = 2.75 * kInch;
    const double top = y + 18;
    page.rectangle(left, top, side, side, 0.82);
    page.rectangle(left + 1, top + 1, side - 2, side - 2, 1);
    page.qr(left + 6, top + 6, side - 12, i.uriComplete);
    const double column = left + side + 28;
    double step = top + 18;
    int count = 0;
    for (const std::string &what :
         {std::string(words.scan), std::string(printer.empty() ? words.compareUnnamed : words.compare),
          filled(words.signIn, {i.cloud}), std::string(words.goBack)}) {
        page.text(column, step, Font::Bold, 13, std::to_string(++count) + ".");
        step = page.paragraph(column + 22, step, left + inner - column - 22, Font::Regular, 13, what) + 11;
    }

    y = std::max(top + side, step) + 40;
    const double value = left + 112;
    const auto row = [&](const char *name, const std::string &what, Font font, double size) {
        if (what.empty())
            return;
        page.rectangle(left, y - 22, inner, 0.6, 0.75);
        page.text(left, y, Font::Regular, 11, name, kGrey);
        y = page.paragraph(value, y, left + inner - value, font, size, what) + 20;
    };
    row(words.address, i.uri, Font::Bold, 13);
    row(words.code, i.userCode, Font::Fixed, 20);
    row(words.validUntil, inWords(i.expiresAt, i.language), Font::Regular, 13);
    row(words.profile, PdfPage::canShow(i.profile) ? i.profile : words.otherLetters, Font::Regular, 13);
    row(words.printer, printer.empty() ? words.otherLetters : printer, Font::Regular, 13);
    page.rectangle(left, y - 22, inner, 0.6, 0.75);
    y = page.paragraph(left, y + 4, inner, Font::Regular, 11, words.once, kGrey);
    page.paragraph(left, y + 2, inner, Font::Regular, 11, words.notYou, kGrey);
    return page.toPdf(titleOf(i));
}

} // namespace connector
