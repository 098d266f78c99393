// SPDX-License-Identifier: Apache-2.0
#include "ui/panel/backend/words.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

namespace connector::ui {

namespace {

struct ErrorText {
    const char *code;
    const char *title;
    const char *why;
    const char *advice;
    const char *action;
};

constexpr const char *kTryAgain = QT_TRANSLATE_NOOP("Words", "Try again");
constexpr const char *kSignInAgain = QT_TRANSLATE_NOOP("Words", "Sign in again");
constexpr const char *kNewCode = QT_TRANSLATE_NOOP("Words", "Get a new code");

// One row per stable code, in the order of docs/troubleshooting.md. The last row is for codes that are newer than this
// panel.
constexpr ErrorText kErrors[] = {
    {"service-lost", QT_TRANSLATE_NOOP("Words", "The panel lost its service"), "",
     QT_TRANSLATE_NOOP("Words", "It reconnects by itself. Running jobs go on."), kTryAgain},
    {"offline", QT_TRANSLATE_NOOP("Words", "No network"),
     QT_TRANSLATE_NOOP("Words", "This device cannot reach the internet."),
     QT_TRANSLATE_NOOP("Words", "Check the network cable or Wi-Fi, then try again."), kTryAgain},
    {"timeout", QT_TRANSLATE_NOOP("Words", "No answer in time"),
     QT_TRANSLATE_NOOP("Words", "The cloud took too long to answer."),
     QT_TRANSLATE_NOOP("Words", "Wait a moment, then try again."), kTryAgain},
    {"unavailable", QT_TRANSLATE_NOOP("Words", "The cloud is not available"),
     QT_TRANSLATE_NOOP("Words", "It answered that it cannot work right now."),
     QT_TRANSLATE_NOOP("Words", "Wait a few minutes, then try again."), kTryAgain},
    {"rate-limited", QT_TRANSLATE_NOOP("Words", "The cloud asks us to slow down"),
     QT_TRANSLATE_NOOP("Words", "Too much was asked of this account in a short time."),
     QT_TRANSLATE_NOOP("Words", "Wait a minute, then try again."), kTryAgain},
    {"busy", QT_TRANSLATE_NOOP("Words", "Busy at the moment"), QT_TRANSLATE_NOOP("Words", "Someone else is using it."),
     QT_TRANSLATE_NOOP("Words", "Wait until it is free, then try again."), kTryAgain},
    {"proxy-refused", QT_TRANSLATE_NOOP("Words", "The proxy refused the connection"),
     QT_TRANSLATE_NOOP("Words", "The network's proxy server does not let this device through."),
     QT_TRANSLATE_NOOP("Words", "Tell your administrator."), kTryAgain},
    {"tls-failed", QT_TRANSLATE_NOOP("Words", "The connection is not secure"),
     QT_TRANSLATE_NOOP("Words", "The other side could not prove who it is, so nothing was sent."),
     QT_TRANSLATE_NOOP("Words", "Check this device's date and time, or tell your administrator."), kTryAgain},
    {"clock-wrong", QT_TRANSLATE_NOOP("Words", "Date or time is wrong"),
     QT_TRANSLATE_NOOP("Words", "Secure connections need the right date and time."),
     QT_TRANSLATE_NOOP("Words", "Ask your administrator to set this device's clock."), kTryAgain},
    {"portal-unreachable", QT_TRANSLATE_NOOP("Words", "The sign-in page cannot be reached"),
     QT_TRANSLATE_NOOP("Words", "So no code could be made."),
     QT_TRANSLATE_NOOP("Words", "Check the network, then try again."), kTryAgain},
    {"code-failed", QT_TRANSLATE_NOOP("Words", "No code could be made"),
     QT_TRANSLATE_NOOP("Words", "The sign-in page answered with an error."),
     QT_TRANSLATE_NOOP("Words", "Try again, or tell your administrator."), kTryAgain},
    {"code-expired", QT_TRANSLATE_NOOP("Words", "The code has expired"),
     QT_TRANSLATE_NOOP("Words", "Codes are only good for a limited time."),
     QT_TRANSLATE_NOOP("Words", "Get a new code. Your profile is kept."), kNewCode},
    {"profile-expired", QT_TRANSLATE_NOOP("Words", "The code has expired"),
     QT_TRANSLATE_NOOP("Words", "The profile was not opened in time."),
     QT_TRANSLATE_NOOP("Words", "Get a new code. Your profile is kept."), kNewCode},
    {"not-linked", QT_TRANSLATE_NOOP("Words", "Not linked yet"),
     QT_TRANSLATE_NOOP("Words", "This profile has no cloud account so far."),
     QT_TRANSLATE_NOOP("Words", "Get a code and sign in with your phone."), kNewCode},
    {"access-denied", QT_TRANSLATE_NOOP("Words", "Access was not allowed"),
     QT_TRANSLATE_NOOP("Words", "At the sign-in, access to the files was refused."),
     QT_TRANSLATE_NOOP("Words", "Get a new code and choose to allow access."), kNewCode},
    {"access-revoked", QT_TRANSLATE_NOOP("Words", "Access has ended"),
     QT_TRANSLATE_NOOP("Words", "The cloud no longer lets this device see the account."),
     QT_TRANSLATE_NOOP("Words", "Sign in again. Your profile is kept."), kSignInAgain},
    {"domain-refused", QT_TRANSLATE_NOOP("Words", "This account is not allowed here"),
     QT_TRANSLATE_NOOP("Words", "Only some e-mail addresses may be used on this device."),
     QT_TRANSLATE_NOOP("Words", "Sign in with an account that is allowed."), kSignInAgain},
    {"pin-required", QT_TRANSLATE_NOOP("Words", "This profile is locked"),
     QT_TRANSLATE_NOOP("Words", "It closes by itself when nobody uses it."),
     QT_TRANSLATE_NOOP("Words", "Enter its PIN to open it again."), QT_TRANSLATE_NOOP("Words", "Enter PIN")},
    {"pin-wrong", QT_TRANSLATE_NOOP("Words", "Wrong PIN"), "", QT_TRANSLATE_NOOP("Words", "Try again."), kTryAgain},
    {"pin-invalid", QT_TRANSLATE_NOOP("Words", "This PIN cannot be used"), "",
     QT_TRANSLATE_NOOP("Words", "Choose 4 to 8 digits."), ""},
    {"pin-dead", QT_TRANSLATE_NOOP("Words", "This PIN no longer works"),
     QT_TRANSLATE_NOOP("Words", "It was entered wrongly too many times."),
     QT_TRANSLATE_NOOP("Words", "Sign in again to set a new one."), kSignInAgain},
    {"mail-address-invalid", QT_TRANSLATE_NOOP("Words", "This is not an e-mail address"), "",
     QT_TRANSLATE_NOOP("Words", "Type it again, for example name@example.org."), ""},
    {"mail-not-set-up", QT_TRANSLATE_NOOP("Words", "This device sends no e-mail"),
     QT_TRANSLATE_NOOP("Words", "No mail server is set up."),
     QT_TRANSLATE_NOOP("Words", "Print the instructions instead, or ask the administrator."), ""},
    {"mail-refused", QT_TRANSLATE_NOOP("Words", "The mail server refused the message"), "",
     QT_TRANSLATE_NOOP("Words", "Check the address."), ""},
    {"mail-sign-in-refused", QT_TRANSLATE_NOOP("Words", "The mail server refused this device"),
     QT_TRANSLATE_NOOP("Words", "Its user name or password is wrong."),
     QT_TRANSLATE_NOOP("Words", "Ask the administrator to correct the mail settings."), ""},
    {"mail-too-many", QT_TRANSLATE_NOOP("Words", "Too many e-mails were sent"), "",
     QT_TRANSLATE_NOOP("Words", "Wait a while, or print the instructions instead."), ""},
    {"mail-unreachable", QT_TRANSLATE_NOOP("Words", "The mail server cannot be reached"), "",
     QT_TRANSLATE_NOOP("Words", "Try again later, or print the instructions instead."), ""},
    {"pin-new-required", QT_TRANSLATE_NOOP("Words", "A new PIN is needed"),
     QT_TRANSLATE_NOOP("Words", "The old one was entered wrongly too many times."),
     QT_TRANSLATE_NOOP("Words", "Choose a new PIN, then sign in again."), ""},
    {"profile-locked", QT_TRANSLATE_NOOP("Words", "Too many wrong PINs"),
     QT_TRANSLATE_NOOP("Words", "The profile is locked for a while."),
     QT_TRANSLATE_NOOP("Words", "Wait until the time is up."), ""},
    {"name-taken", QT_TRANSLATE_NOOP("Words", "This name is taken"), "",
     QT_TRANSLATE_NOOP("Words", "Choose another name."), ""},
    {"too-many-profiles", QT_TRANSLATE_NOOP("Words", "There is no room for another profile"),
     QT_TRANSLATE_NOOP("Words", "As many as this device keeps are there."),
     QT_TRANSLATE_NOOP("Words", "Delete one that nobody needs any more."), ""},
    {"too-many-connections", QT_TRANSLATE_NOOP("Words", "The device is busy with too many programs"), "",
     QT_TRANSLATE_NOOP("Words", "Tell your administrator."), kTryAgain},
    {"name-invalid", QT_TRANSLATE_NOOP("Words", "This name cannot be used"), "",
     QT_TRANSLATE_NOOP("Words", "Use 1 to 40 letters."), ""},
    {"file-gone", QT_TRANSLATE_NOOP("Words", "It is no longer there"),
     QT_TRANSLATE_NOOP("Words", "It was moved or deleted in the cloud."),
     QT_TRANSLATE_NOOP("Words", "Go back and choose again."), kTryAgain},
    {"shortcut-gone", QT_TRANSLATE_NOOP("Words", "The shortcut is no longer there"),
     QT_TRANSLATE_NOOP("Words", "It was deleted, or the profile that it was made from."),
     QT_TRANSLATE_NOOP("Words", "Make it again, from the menu beside the file or folder."), ""},
    {"list-restart", QT_TRANSLATE_NOOP("Words", "The list has changed"),
     QT_TRANSLATE_NOOP("Words", "It was changed while it was being read."),
     QT_TRANSLATE_NOOP("Words", "Read it again."), kTryAgain},
    {"file-blocked", QT_TRANSLATE_NOOP("Words", "The cloud does not give this file out"),
     QT_TRANSLATE_NOOP("Words", "It found something harmful in it, or a rule forbids it."),
     QT_TRANSLATE_NOOP("Words", "Ask the owner of the file."), ""},
    {"file-locked", QT_TRANSLATE_NOOP("Words", "The file is locked"),
     QT_TRANSLATE_NOOP("Words", "Someone is working on it."), QT_TRANSLATE_NOOP("Words", "Try again later."),
     kTryAgain},
    {"conversion-too-large", QT_TRANSLATE_NOOP("Words", "The file is too large to be converted"),
     QT_TRANSLATE_NOOP("Words", "The cloud makes PDFs only of smaller ones."),
     QT_TRANSLATE_NOOP("Words", "Save it as PDF and print that."), ""},
    {"scope-missing", QT_TRANSLATE_NOOP("Words", "Something was not allowed at the sign-in"),
     QT_TRANSLATE_NOOP("Words", "A right that is needed here was not given."),
     QT_TRANSLATE_NOOP("Words", "Sign in again and allow everything that is asked for."), kSignInAgain},
    {"grant-unknown", QT_TRANSLATE_NOOP("Words", "The sign-in portal does not know this sign-in"),
     QT_TRANSLATE_NOOP("Words", "Its settings have changed since the account was linked."),
     QT_TRANSLATE_NOOP("Words", "Sign in again, or ask your administrator."), kSignInAgain},
    {"no-permission", QT_TRANSLATE_NOOP("Words", "No permission"),
     QT_TRANSLATE_NOOP("Words", "This account may not do that here."),
     QT_TRANSLATE_NOOP("Words", "Choose another folder or file."), kTryAgain},
    {"unsupported-type", QT_TRANSLATE_NOOP("Words", "This kind of file cannot be printed"), "",
     QT_TRANSLATE_NOOP("Words", "Save it as PDF and print that."), ""},
    {"unsupported", QT_TRANSLATE_NOOP("Words", "This is not possible here"), "",
     QT_TRANSLATE_NOOP("Words", "Choose something else."), ""},
    {"storage-full", QT_TRANSLATE_NOOP("Words", "The cloud storage is full"),
     QT_TRANSLATE_NOOP("Words", "The account has no room for this document."),
     QT_TRANSLATE_NOOP("Words", "Make room in the account, or choose another one."), kTryAgain},
    {"file-too-large", QT_TRANSLATE_NOOP("Words", "The document is too large"),
     QT_TRANSLATE_NOOP("Words", "The account's plan does not take files of this size."),
     QT_TRANSLATE_NOOP("Words", "Scan fewer pages or choose a lower resolution."), kTryAgain},
    {"conversion-failed", QT_TRANSLATE_NOOP("Words", "The file could not be made printable"),
     QT_TRANSLATE_NOOP("Words", "It may be damaged or protected."),
     QT_TRANSLATE_NOOP("Words", "Save it as PDF and print that."), kTryAgain},
    {"damaged-document", QT_TRANSLATE_NOOP("Words", "The document is damaged"),
     QT_TRANSLATE_NOOP("Words", "It cannot be read to its end."),
     QT_TRANSLATE_NOOP("Words", "Save it again as PDF and print that."), kTryAgain},
    {"data-damaged", QT_TRANSLATE_NOOP("Words", "The file did not arrive whole"),
     QT_TRANSLATE_NOOP("Words", "What arrived differs from what was sent."), QT_TRANSLATE_NOOP("Words", "Try again."),
     kTryAgain},
    {"file-changed", QT_TRANSLATE_NOOP("Words", "The file has changed"),
     QT_TRANSLATE_NOOP("Words", "It was changed in the cloud after you chose it."),
     QT_TRANSLATE_NOOP("Words", "Go back and choose it again."), kTryAgain},
    {"printer-unreachable", QT_TRANSLATE_NOOP("Words", "The printer does not answer"),
     QT_TRANSLATE_NOOP("Words", "It may be off or not connected."),
     QT_TRANSLATE_NOOP("Words", "Switch it on and check its cable."), kTryAgain},
    {"printer-stopped", QT_TRANSLATE_NOOP("Words", "The printer has stopped"), "",
     QT_TRANSLATE_NOOP("Words", "Look at the printer's own display."), kTryAgain},
    {"printer-refused", QT_TRANSLATE_NOOP("Words", "The printer did not take the document"),
     QT_TRANSLATE_NOOP("Words", "It cannot print it with these settings."),
     QT_TRANSLATE_NOOP("Words", "Choose other settings and try again."), kTryAgain},
    {"scanner-unreachable", QT_TRANSLATE_NOOP("Words", "The scanner does not answer"),
     QT_TRANSLATE_NOOP("Words", "It may be off or not connected."),
     QT_TRANSLATE_NOOP("Words", "Switch it on and check its cable."), kTryAgain},
    {"scanner-busy", QT_TRANSLATE_NOOP("Words", "The scanner is busy"),
     QT_TRANSLATE_NOOP("Words", "Someone else is scanning."),
     QT_TRANSLATE_NOOP("Words", "Wait until it is free, then try again."), kTryAgain},
    {"scanner-failed", QT_TRANSLATE_NOOP("Words", "The scanner stopped"),
     QT_TRANSLATE_NOOP("Words", "It reported an error."),
     QT_TRANSLATE_NOOP("Words", "Switch it off and on, then try again."), kTryAgain},
    {"feeder-empty", QT_TRANSLATE_NOOP("Words", "The feeder is empty"), "",
     QT_TRANSLATE_NOOP("Words", "Put your pages into the feeder."), kTryAgain},
    {"feeder-jammed", QT_TRANSLATE_NOOP("Words", "Paper is stuck in the feeder"), "",
     QT_TRANSLATE_NOOP("Words", "Open the feeder, take the paper out and put back what is not scanned yet."),
     kTryAgain},
    {"scanner-cover-open", QT_TRANSLATE_NOOP("Words", "The scanner's cover is open"), "",
     QT_TRANSLATE_NOOP("Words", "Close the cover."), kTryAgain},
    {"media-empty", QT_TRANSLATE_NOOP("Words", "The printer is out of paper"), "",
     QT_TRANSLATE_NOOP("Words", "Load paper. Printing goes on by itself."), ""},
    {"media-needed", QT_TRANSLATE_NOOP("Words", "The printer needs other paper"), "",
     QT_TRANSLATE_NOOP("Words", "Load the paper you chose. Printing goes on by itself."), ""},
    {"media-jam", QT_TRANSLATE_NOOP("Words", "Paper is stuck in the printer"), "",
     QT_TRANSLATE_NOOP("Words", "Open the printer and take the paper out. Printing goes on by itself."), ""},
    {"cover-open", QT_TRANSLATE_NOOP("Words", "The printer's cover is open"), "",
     QT_TRANSLATE_NOOP("Words", "Close the cover. Printing goes on by itself."), ""},
    {"door-open", QT_TRANSLATE_NOOP("Words", "The printer's door is open"), "",
     QT_TRANSLATE_NOOP("Words", "Close the door. Printing goes on by itself."), ""},
    {"toner-empty", QT_TRANSLATE_NOOP("Words", "The printer is out of toner"), "",
     QT_TRANSLATE_NOOP("Words", "Put in a new cartridge. Printing goes on by itself."), ""},
    {"marker-supply-empty", QT_TRANSLATE_NOOP("Words", "The printer is out of ink or toner"), "",
     QT_TRANSLATE_NOOP("Words", "Put in a new cartridge. Printing goes on by itself."), ""},
    {"output-area-full", QT_TRANSLATE_NOOP("Words", "The output tray is full"), "",
     QT_TRANSLATE_NOOP("Words", "Take the pages out. Printing goes on by itself."), ""},
    {"paused", QT_TRANSLATE_NOOP("Words", "The printer is paused"), "",
     QT_TRANSLATE_NOOP("Words", "Start it again at its own display."), ""},
    {"printer-busy", QT_TRANSLATE_NOOP("Words", "The printer is busy"),
     QT_TRANSLATE_NOOP("Words", "It is printing something else first."),
     QT_TRANSLATE_NOOP("Words", "Your pages come after that."), ""},
    {"network-waiting", QT_TRANSLATE_NOOP("Words", "Waiting for the network"),
     QT_TRANSLATE_NOOP("Words", "The cloud cannot be reached right now."),
     QT_TRANSLATE_NOOP("Words", "It goes on by itself. You may leave."), ""},
    {"disk-full", QT_TRANSLATE_NOOP("Words", "This device's disk is full"), "",
     QT_TRANSLATE_NOOP("Words", "Wait until other jobs are done, or tell your administrator."), kTryAgain},
    {"disk-error", QT_TRANSLATE_NOOP("Words", "This device's disk does not work"), "",
     QT_TRANSLATE_NOOP("Words", "Tell your administrator."), kTryAgain},
    {"worker-missing", QT_TRANSLATE_NOOP("Words", "A part of this program is missing"),
     QT_TRANSLATE_NOOP("Words", "It was not installed completely."),
     QT_TRANSLATE_NOOP("Words", "Tell your administrator."), kTryAgain},
    {"no-memory", QT_TRANSLATE_NOOP("Words", "This device is short of memory"), "",
     QT_TRANSLATE_NOOP("Words", "Wait until other jobs are done, then try again."), kTryAgain},
    {"sign-in-failed", QT_TRANSLATE_NOOP("Words", "That was not right"), "",
     QT_TRANSLATE_NOOP("Words", "Check what you entered, then try again."), kTryAgain},
    {"sign-in-throttled", QT_TRANSLATE_NOOP("Words", "Too many wrong tries"), "",
     QT_TRANSLATE_NOOP("Words", "Wait until the time is up, then try again."), ""},
    {"sign-in-method-off", QT_TRANSLATE_NOOP("Words", "This way to sign in is switched off"), "",
     QT_TRANSLATE_NOOP("Words", "Choose another one, or ask your administrator."), ""},
    {"directory-unreachable", QT_TRANSLATE_NOOP("Words", "The list of people cannot be reached"),
     QT_TRANSLATE_NOOP("Words", "Your organisation's directory does not answer."),
     QT_TRANSLATE_NOOP("Words", "Try again in a minute, or tell your administrator."), kTryAgain},
    {"sign-in-required", QT_TRANSLATE_NOOP("Words", "Please sign in"),
     QT_TRANSLATE_NOOP("Words", "Guests cannot use this device."),
     QT_TRANSLATE_NOOP("Words", "Tap “Sign in” at the top right."), ""},
    {"setup-code-wrong", QT_TRANSLATE_NOOP("Words", "That is not the setup code"), "",
     QT_TRANSLATE_NOOP("Words", "Check what you entered, then try again."), kTryAgain},
    {"setup-done", QT_TRANSLATE_NOOP("Words", "The administrator's password is set already"), "",
     QT_TRANSLATE_NOOP("Words", "Ask your administrator."), ""},
    {"form-expired", QT_TRANSLATE_NOOP("Words", "The page was too old"), "",
     QT_TRANSLATE_NOOP("Words", "Open it again and repeat what you wanted."), ""},
    {"not-allowed", QT_TRANSLATE_NOOP("Words", "This is not allowed"),
     QT_TRANSLATE_NOOP("Words", "You have no right to it."), QT_TRANSLATE_NOOP("Words", "Ask your administrator."), ""},
    {"not-waiting", QT_TRANSLATE_NOOP("Words", "This has been answered already"), "",
     QT_TRANSLATE_NOOP("Words", "The job goes on."), ""},
    {"email-unverified", QT_TRANSLATE_NOOP("Words", "The account's e-mail address is not verified"),
     QT_TRANSLATE_NOOP("Words", "The cloud has not checked whose address it is."),
     QT_TRANSLATE_NOOP("Words", "Verify it in the settings of the account, then get a new code."), kNewCode},
    {"no-authorization", QT_TRANSLATE_NOOP("Words", "There is no code any more"),
     QT_TRANSLATE_NOOP("Words", "It was used, cancelled, or has run out."),
     QT_TRANSLATE_NOOP("Words", "Get a new code. Your profile is kept."), kNewCode},
    {"other-account", QT_TRANSLATE_NOOP("Words", "This is another account"),
     QT_TRANSLATE_NOOP("Words", "The profile belongs to a different one."),
     QT_TRANSLATE_NOOP("Words", "Sign in with the profile's own account, or create a new profile for this one."),
     kSignInAgain},
    {"portal-bad-reply", QT_TRANSLATE_NOOP("Words", "The answer of the sign-in page made no sense"),
     QT_TRANSLATE_NOOP("Words", "Something changes its answers on the way, or its address is wrong."),
     QT_TRANSLATE_NOOP("Words", "Tell your administrator."), kTryAgain},
    {"portal-version", QT_TRANSLATE_NOOP("Words", "The sign-in page speaks another version"),
     QT_TRANSLATE_NOOP("Words", "It and this device do not fit together."),
     QT_TRANSLATE_NOOP("Words", "Tell your administrator."), kTryAgain},
    {"provider-unsupported", QT_TRANSLATE_NOOP("Words", "This cloud is not offered here"), "",
     QT_TRANSLATE_NOOP("Words", "Choose another cloud, or ask your administrator."), ""},
    {"profile-gone", QT_TRANSLATE_NOOP("Words", "The profile is no longer there"),
     QT_TRANSLATE_NOOP("Words", "It was deleted, or not used for a long time."),
     QT_TRANSLATE_NOOP("Words", "Create it again."), ""},
    {"profile-not-open", QT_TRANSLATE_NOOP("Words", "The profile is closed"),
     QT_TRANSLATE_NOOP("Words", "It closes by itself when nobody uses it."),
     QT_TRANSLATE_NOOP("Words", "Open it again."), ""},
    {"document-damaged", QT_TRANSLATE_NOOP("Words", "The document is damaged"),
     QT_TRANSLATE_NOOP("Words", "It cannot be read to its end."),
     QT_TRANSLATE_NOOP("Words", "Save it again as PDF and print that."), kTryAgain},
    {"document-encrypted", QT_TRANSLATE_NOOP("Words", "The document is protected by a password"),
     QT_TRANSLATE_NOOP("Words", "It opens only for whoever knows it."),
     QT_TRANSLATE_NOOP("Words", "Save it without the password and print that."), kTryAgain},
    {"format-unsupported", QT_TRANSLATE_NOOP("Words", "This kind of file cannot be printed"), "",
     QT_TRANSLATE_NOOP("Words", "Save it as PDF and print that."), ""},
    {"job-gone", QT_TRANSLATE_NOOP("Words", "The job is no longer there"),
     QT_TRANSLATE_NOOP("Words", "It ended a while ago, or was taken off the list."), "", ""},
    {"not-over", QT_TRANSLATE_NOOP("Words", "The job has not ended"), "",
     QT_TRANSLATE_NOOP("Words", "Wait until it is done, or cancel it."), ""},
    {"print-outcome-unknown", QT_TRANSLATE_NOOP("Words", "Perhaps it was printed, perhaps not"),
     QT_TRANSLATE_NOOP("Words", "The printer forgot the job, for instance because it was switched off."),
     QT_TRANSLATE_NOOP("Words", "Look into the output tray. It is not printed twice by itself."), kTryAgain},
    {"printer-aborted", QT_TRANSLATE_NOOP("Words", "The printer gave up"),
     QT_TRANSLATE_NOOP("Words", "Often it is a document that it cannot read."),
     QT_TRANSLATE_NOOP("Words", "Try again, or save it again as PDF and print that."), kTryAgain},
    {"printer-canceled", QT_TRANSLATE_NOOP("Words", "Cancelled at the printer"),
     QT_TRANSLATE_NOOP("Words", "Somebody cancelled it at the printer's own display."),
     QT_TRANSLATE_NOOP("Words", "Print it again."), kTryAgain},
    {"ticket-refused", QT_TRANSLATE_NOOP("Words", "The printer cannot do that"),
     QT_TRANSLATE_NOOP("Words", "It does not have these settings."),
     QT_TRANSLATE_NOOP("Words", "Choose other settings and try again."), kTryAgain},
    {"page-damaged", QT_TRANSLATE_NOOP("Words", "A scanned page was damaged"),
     QT_TRANSLATE_NOOP("Words", "Its file changed on this device's disk."),
     QT_TRANSLATE_NOOP("Words", "Scan again. If it stays, tell your administrator."), kTryAgain},
    {"settings-refused", QT_TRANSLATE_NOOP("Words", "The scanner cannot do that"),
     QT_TRANSLATE_NOOP("Words", "It does not have these settings."),
     QT_TRANSLATE_NOOP("Words", "Choose other settings and try again."), kTryAgain},
    {"scan-interrupted", QT_TRANSLATE_NOOP("Words", "The scan was interrupted"),
     QT_TRANSLATE_NOOP("Words", "It was stopped, or this device started again, in the middle of a page."),
     QT_TRANSLATE_NOOP("Words", "The pages so far are kept: go on, or finish with them."), ""},
    {"secret-unreadable", QT_TRANSLATE_NOOP("Words", "This device cannot open what it stored"),
     QT_TRANSLATE_NOOP("Words", "Its key is another one now."),
     QT_TRANSLATE_NOOP("Words", "Sign in again. Your profile is kept."), kSignInAgain},
    {"store-damaged", QT_TRANSLATE_NOOP("Words", "What this device stored is damaged"),
     QT_TRANSLATE_NOOP("Words", "Its disk lost something."), QT_TRANSLATE_NOOP("Words", "Tell your administrator."),
     kTryAgain},
    {"bad-request", QT_TRANSLATE_NOOP("Words", "Panel and service do not fit together"),
     QT_TRANSLATE_NOOP("Words", "They are of different versions."),
     QT_TRANSLATE_NOOP("Words", "Tell your administrator."), ""},
    {"no-such-method", QT_TRANSLATE_NOOP("Words", "Panel and service do not fit together"),
     QT_TRANSLATE_NOOP("Words", "They are of different versions."),
     QT_TRANSLATE_NOOP("Words", "Tell your administrator."), ""},
    {"cancelled", QT_TRANSLATE_NOOP("Words", "Cancelled"), "", QT_TRANSLATE_NOOP("Words", "Nothing was changed."), ""},
    {"bad-reply", QT_TRANSLATE_NOOP("Words", "The answer made no sense"),
     QT_TRANSLATE_NOOP("Words", "The other side sent something that cannot be read."),
     QT_TRANSLATE_NOOP("Words", "Try again. If it stays, tell your administrator the code below."), kTryAgain},
    {"", QT_TRANSLATE_NOOP("Words", "This did not work"), "",
     QT_TRANSLATE_NOOP("Words", "Try again. If it stays, tell your administrator the code below."), kTryAgain},
};

const ErrorText &textOf(const QString &code)
{
    const auto *found = std::find_if(std::begin(kErrors), std::end(kErrors) - 1,
                                     [&](const ErrorText &text) { return code == QLatin1String(text.code); });
    return *found;
}

QString say(const char *text)
{
    return *text == '\0' ? QString() : QCoreApplication::translate("Words", text);
}

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

QString Words::errorTitle(const QString &code) const
{
    return say(textOf(code).title);
}

QString Words::errorWhy(const QString &code) const
{
    return say(textOf(code).why);
}

QString Words::errorAdvice(const QString &code) const
{
    return say(textOf(code).advice);
}

QString Words::errorAction(const QString &code) const
{
    return say(textOf(code).action);
}

QString Words::domainAdvice(const QStringList &domains) const
{
    //: %1 is a list such as "example.org, example.com"
    return domains.isEmpty() ? errorAdvice(QStringLiteral("domain-refused"))
                             : QCoreApplication::translate("Words", "Sign in with an e-mail address at: %1.")
                                   .arg(m_locale.createSeparatedList(domains));
}

QStringList Words::errorCodes()
{
    QStringList codes;
    std::for_each(std::begin(kErrors), std::end(kErrors) - 1,
                  [&](const ErrorText &text) { codes += QLatin1String(text.code); });
    return codes;
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
