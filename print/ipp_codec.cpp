// SPDX-License-Identifier: Apache-2.0
#include "print/ipp_codec.h"

#include "core/encoding.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace connector::ipp {

namespace {

constexpr std::size_t kLongestText = 1023;

Message request(ipp_op_t operation, const std::string &printerUri, const std::string &user)
{
    Message message(ippNewRequest(operation)); // with charset and language
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, printerUri.c_str());
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr,
                 user.empty() ? "cloud-connector" : user.c_str());
    return message;
}

void ask(ipp_t *message, const std::vector<const char *> &attributes)
{
    ippAddStrings(message, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes",
                  static_cast<int>(attributes.size()), nullptr, attributes.data());
}

std::string text(ipp_attribute_t *attribute, int index = 0)
{
    const char *value = attribute ? ippGetString(attribute, index, nullptr) : nullptr;
    return value ? makeUtf8(std::string_view(value).substr(0, kLongestText)) : std::string();
}

std::string text(ipp_t *message, const char *name)
{
    return text(ippFindAttribute(message, name, IPP_TAG_ZERO));
}

std::vector<std::string> texts(ipp_attribute_t *attribute)
{
    std::vector<std::string> values;
    for (int i = 0; attribute && i < ippGetCount(attribute); ++i)
        if (std::string value = text(attribute, i); !value.empty())
            values.push_back(std::move(value));
    return values;
}

std::vector<std::string> texts(ipp_t *message, const char *name)
{
    return texts(ippFindAttribute(message, name, IPP_TAG_ZERO));
}

ipp_attribute_t *numbers(ipp_t *message, const char *name)
{
    ipp_attribute_t *attribute = ippFindAttribute(message, name, IPP_TAG_ZERO);
    if (!attribute)
        return nullptr;
    const ipp_tag_t tag = ippGetValueTag(attribute);
    return tag == IPP_TAG_INTEGER || tag == IPP_TAG_ENUM ? attribute : nullptr;
}

int number(ipp_t *message, const char *name, int otherwise)
{
    ipp_attribute_t *attribute = numbers(message, name);
    return attribute ? ippGetInteger(attribute, 0) : otherwise;
}

bool truth(ipp_t *message, const char *name, bool otherwise)
{
    ipp_attribute_t *attribute = ippFindAttribute(message, name, IPP_TAG_BOOLEAN);
    return attribute ? ippGetBoolean(attribute, 0) != 0 : otherwise;
}

constexpr const char *kQualities[] = {"draft", "normal", "high"}; // IPP's 3, 4, 5
constexpr const char *kOrientations[] = {"portrait", "landscape", "reverse-landscape", "reverse-portrait"}; // 3 to 6

PrinterReason reasonFrom(std::string keyword)
{
    PrinterReason reason;
    const auto ends = [&](std::string_view suffix, PrinterReason::Severity severity) {
        if (!keyword.ends_with(suffix))
            return;
        keyword.resize(keyword.size() - suffix.size());
        reason.severity = severity;
    };
    // Without a suffix it is as severe as an error (RFC 8011, 5.4.12).
    ends("-report", PrinterReason::Severity::Report);
    ends("-warning", PrinterReason::Severity::Warning);
    ends("-error", PrinterReason::Severity::Error);
    reason.keyword = std::move(keyword);
    return reason;
}

PrinterJobPhase phaseFrom(int state)
{
    switch (state) {
    case IPP_JSTATE_PENDING:
        return PrinterJobPhase::Pending;
    case IPP_JSTATE_HELD:
        return PrinterJobPhase::PendingHeld;
    case IPP_JSTATE_PROCESSING:
        return PrinterJobPhase::Processing;
    case IPP_JSTATE_STOPPED:
        return PrinterJobPhase::ProcessingStopped;
    case IPP_JSTATE_CANCELED:
        return PrinterJobPhase::Canceled;
    case IPP_JSTATE_COMPLETED:
        return PrinterJobPhase::Completed;
    default:
        return PrinterJobPhase::Aborted;
    }
}

// One attribute of a job into what is known of it.
void takeJobAttribute(ipp_attribute_t *attribute, JobRef &job, std::string &name, bool &stateSeen)
{
    const std::string_view key = ippGetName(attribute);
    const ipp_tag_t tag = ippGetValueTag(attribute);
    const bool numeric = tag == IPP_TAG_INTEGER || tag == IPP_TAG_ENUM;
    if (key == "job-id" && numeric) {
        job.id = ippGetInteger(attribute, 0);
    } else if (key == "job-name") {
        name = text(attribute);
    } else if (key == "job-state" && numeric) {
        job.state.phase = phaseFrom(ippGetInteger(attribute, 0));
        stateSeen = true;
    } else if (key == "job-state-reasons") {
        job.state.reasons = texts(attribute);
        std::erase(job.state.reasons, "none");
    } else if (key == "job-impressions-completed" && numeric) {
        job.state.impressionsCompleted = ippGetInteger(attribute, 0);
    } else if (key == "job-impressions" && numeric) {
        job.state.impressions = ippGetInteger(attribute, 0);
    } else if (key == "job-state-message" || key == "job-printer-state-message") {
        if (job.state.message.empty())
            job.state.message = text(attribute);
    }
}

const std::vector<const char *> kJobAttributes{"job-id",
                                               "job-name",
                                               "job-state",
                                               "job-state-reasons",
                                               "job-impressions",
                                               "job-impressions-completed",
                                               "job-printer-state-message"};

struct Reader {
    std::span<const char> bytes;
};

ssize_t readBytes(void *context, ipp_uchar_t *buffer, std::size_t length)
{
    auto &reader = *static_cast<Reader *>(context);
    const std::size_t n = std::min(length, reader.bytes.size());
    if (n != 0)
        std::memcpy(buffer, reader.bytes.data(), n);
    reader.bytes = reader.bytes.subspan(n);
    return static_cast<ssize_t>(n);
}

} // namespace

Result<Message> parse(std::span<const char> bytes)
{
    Reader reader{bytes};
    Message message(ippNew());
    for (;;) {
        const ipp_state_t state = ippReadIO(&reader, readBytes, 1, nullptr, message.get());
        if (state == IPP_STATE_DATA)
            return message;
        if (state == IPP_STATE_ERROR || (reader.bytes.empty() && state != IPP_STATE_ATTRIBUTE))
            return Error{Errc::BadReply, "not an IPP message", "ipp"};
    }
}

Message getPrinterAttributes(const std::string &printerUri, const std::string &user, bool forStatus)
{
    Message message = request(IPP_OP_GET_PRINTER_ATTRIBUTES, printerUri, user);
    if (forStatus)
        ask(message.get(), {"printer-name", "printer-info", "printer-state", "printer-state-reasons",
                            "printer-state-message", "printer-is-accepting-jobs"});
    else
        ask(message.get(),
            {"copies-supported", "copies-default", "print-color-mode-supported", "print-color-mode-default",
             "color-supported", "sides-supported", "sides-default", "media-supported", "media-ready", "media-default",
             "document-format-supported", "print-quality-supported", "print-quality-default", "print-scaling-supported",
             "page-ranges-supported", "orientation-requested-supported", "operations-supported",
             "multiple-document-jobs-supported", "job-creation-attributes-supported"});
    return message;
}

Message createJob(const std::string &printerUri, const std::string &jobName, const Ticket &ticket)
{
    Message message = request(IPP_OP_CREATE_JOB, printerUri, ticket.user);
    ipp_t *m = message.get();
    ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", nullptr, jobName.c_str());
    ippAddBoolean(m, IPP_TAG_OPERATION, "ipp-attribute-fidelity", 0);
    if (ticket.copies > 1)
        ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_INTEGER, "copies", ticket.copies);
    const auto keyword = [&](const char *name, const std::string &value) {
        if (!value.empty())
            ippAddString(m, IPP_TAG_JOB, IPP_TAG_KEYWORD, name, nullptr, value.c_str());
    };
    keyword("print-color-mode", ticket.colorMode);
    keyword("sides", ticket.sides);
    keyword("media", ticket.media);
    keyword("print-scaling", ticket.scaling);
    for (int i = 0; i < 3; ++i)
        if (ticket.quality == kQualities[i])
            ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_ENUM, "print-quality", IPP_QUALITY_DRAFT + i);
    for (int i = 0; i < 4; ++i)
        if (ticket.orientation == kOrientations[i])
            ippAddInteger(m, IPP_TAG_JOB, IPP_TAG_ENUM, "orientation-requested", IPP_ORIENT_PORTRAIT + i);
    if (!ticket.pageRanges.empty()) {
        std::vector<int> first;
        std::vector<int> last;
        for (const PageRange &range : ticket.pageRanges) {
            first.push_back(range.first);
            last.push_back(range.last);
        }
        ippAddRanges(m, IPP_TAG_JOB, "page-ranges", static_cast<int>(first.size()), first.data(), last.data());
    }
    return message;
}

Message sendDocument(const std::string &printerUri, const std::string &user, int jobId, const std::string &format,
                     const std::string &documentName)
{
    Message message(ippNewRequest(IPP_OP_SEND_DOCUMENT));
    ipp_t *m = message.get();
    ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, printerUri.c_str());
    ippAddInteger(m, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", jobId);
    ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr,
                 user.empty() ? "cloud-connector" : user.c_str());
    if (!documentName.empty())
        ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_NAME, "document-name", nullptr, documentName.substr(0, 255).c_str());
    ippAddString(m, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", nullptr, format.c_str());
    ippAddBoolean(m, IPP_TAG_OPERATION, "last-document", 1);
    return message;
}

Message getJobs(const std::string &printerUri, const std::string &user, bool completed)
{
    Message message = request(IPP_OP_GET_JOBS, printerUri, user);
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", nullptr,
                 completed ? "completed" : "not-completed");
    ask(message.get(), kJobAttributes);
    return message;
}

Message getJobAttributes(const std::string &printerUri, const std::string &user, int jobId)
{
    Message message(ippNewRequest(IPP_OP_GET_JOB_ATTRIBUTES));
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, printerUri.c_str());
    ippAddInteger(message.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", jobId);
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr,
                 user.empty() ? "cloud-connector" : user.c_str());
    ask(message.get(), kJobAttributes);
    return message;
}

Message cancelJob(const std::string &printerUri, const std::string &user, int jobId)
{
    Message message(ippNewRequest(IPP_OP_CANCEL_JOB));
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, printerUri.c_str());
    ippAddInteger(message.get(), IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", jobId);
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr,
                 user.empty() ? "cloud-connector" : user.c_str());
    return message;
}

Result<void> check(ipp_t *answer)
{
    const int status = ippGetStatusCode(answer); // any 16 bits, which C++'s enumeration does not hold
    if (status >= 0 && status < 0x0100)          // successful-ok and its variants
        return {};
    Error error{Errc::BadReply, text(answer, "status-message"), "ipp", ippErrorString(ippGetStatusCode(answer))};
    if (error.message.empty())
        error.message = "the printer refused";
    switch (status) {
    case IPP_STATUS_ERROR_BUSY:
    case IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS:
    case IPP_STATUS_ERROR_SERVICE_UNAVAILABLE:
    case IPP_STATUS_ERROR_TOO_MANY_JOBS:
        error.code = Errc::Busy;
        error.stable = "printer-busy";
        break;
    case IPP_STATUS_ERROR_TEMPORARY:
    case IPP_STATUS_ERROR_DEVICE:
    case IPP_STATUS_ERROR_INTERNAL:
    case IPP_STATUS_ERROR_TIMEOUT:
        error.code = Errc::Unavailable;
        break;
    case IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED:
        error.code = Errc::Unsupported;
        error.stable = "format-unsupported";
        break;
    case IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR:
    case IPP_STATUS_ERROR_DOCUMENT_UNPRINTABLE:
        error.code = Errc::DataLoss;
        error.stable = "document-damaged";
        break;
    case IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES:
    case IPP_STATUS_ERROR_CONFLICTING:
    case IPP_STATUS_ERROR_REQUEST_VALUE:
        error.code = Errc::InvalidArgument;
        error.stable = "ticket-refused";
        for (ipp_attribute_t *a = ippFirstAttribute(answer); a; a = ippNextAttribute(answer))
            if (ippGetGroupTag(a) == IPP_TAG_UNSUPPORTED_GROUP && ippGetName(a) &&
                std::string_view(ippGetName(a)) == "document-format") {
                error.code = Errc::Unsupported;
                error.stable = "format-unsupported";
            }
        break;
    case IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED:
    case IPP_STATUS_ERROR_VERSION_NOT_SUPPORTED:
        error.code = Errc::Unsupported;
        break;
    case IPP_STATUS_ERROR_NOT_FOUND:
    case IPP_STATUS_ERROR_GONE:
    case IPP_STATUS_ERROR_JOB_CANCELED:
        error.code = Errc::NotFound;
        break;
    case IPP_STATUS_ERROR_NOT_POSSIBLE:
        error.code = Errc::Conflict;
        break;
    case IPP_STATUS_ERROR_NOT_AUTHENTICATED:
        error.code = Errc::Unauthenticated;
        break;
    case IPP_STATUS_ERROR_NOT_AUTHORIZED:
    case IPP_STATUS_ERROR_FORBIDDEN:
        error.code = Errc::PermissionDenied;
        break;
    default:
        break;
    }
    return error;
}

PrinterStatus decodeStatus(ipp_t *answer)
{
    PrinterStatus status;
    status.name = text(answer, "printer-info");
    if (status.name.empty())
        status.name = text(answer, "printer-name");
    switch (number(answer, "printer-state", IPP_PSTATE_IDLE)) {
    case IPP_PSTATE_PROCESSING:
        status.state = PrinterState::Processing;
        break;
    case IPP_PSTATE_STOPPED:
        status.state = PrinterState::Stopped;
        break;
    default:
        status.state = PrinterState::Idle;
    }
    for (std::string &keyword : texts(answer, "printer-state-reasons"))
        if (keyword != "none")
            status.reasons.push_back(reasonFrom(std::move(keyword)));
    status.message = text(answer, "printer-state-message");
    status.acceptsJobs = truth(answer, "printer-is-accepting-jobs", true);
    return status;
}

PrinterCapabilities decodeCapabilities(ipp_t *answer)
{
    PrinterCapabilities c;
    if (ipp_attribute_t *copies = ippFindAttribute(answer, "copies-supported", IPP_TAG_RANGE)) {
        int upper = 1;
        ippGetRange(copies, 0, &upper);
        c.maxCopies = upper;
    } else {
        c.maxCopies = number(answer, "copies-supported", 1);
    }
    c.maxCopies = std::clamp(c.maxCopies, 1, 9999);
    c.defaultCopies = std::clamp(number(answer, "copies-default", 1), 1, c.maxCopies);
    c.colorModes = texts(answer, "print-color-mode-supported");
    if (c.colorModes.empty()) { // older than print-color-mode
        c.colorModes = {"monochrome"};
        if (truth(answer, "color-supported", false))
            c.colorModes = {"auto", "color", "monochrome"};
    }
    c.sides = texts(answer, "sides-supported");
    if (c.sides.empty())
        c.sides = {"one-sided"};
    c.media = texts(answer, "media-supported");
    const std::vector<std::string> ready = texts(answer, "media-ready");
    // What is loaded comes first.
    std::stable_partition(c.media.begin(), c.media.end(), [&](const std::string &name) {
        return std::find(ready.begin(), ready.end(), name) != ready.end();
    });
    c.formats = texts(answer, "document-format-supported");
    std::erase(c.formats, "application/octet-stream");
    for (ipp_attribute_t *a = numbers(answer, "print-quality-supported"); a;) {
        for (int i = 0; i < ippGetCount(a); ++i)
            if (const int q = ippGetInteger(a, i) - IPP_QUALITY_DRAFT; q >= 0 && q < 3)
                c.qualities.emplace_back(kQualities[q]);
        break;
    }
    c.scalings = texts(answer, "print-scaling-supported");
    c.pageRanges = truth(answer, "page-ranges-supported", false);
    c.orientation = numbers(answer, "orientation-requested-supported") != nullptr;
    if (ipp_attribute_t *a = numbers(answer, "operations-supported")) {
        bool create = false;
        bool send = false;
        for (int i = 0; i < ippGetCount(a); ++i) {
            create = create || ippGetInteger(a, i) == IPP_OP_CREATE_JOB;
            send = send || ippGetInteger(a, i) == IPP_OP_SEND_DOCUMENT;
        }
        c.createJob = create && send;
    }
    c.multipleDocuments = truth(answer, "multiple-document-jobs-supported", false);
    const auto pick = [](std::string wanted, const std::vector<std::string> &from) {
        if (std::find(from.begin(), from.end(), wanted) != from.end())
            return wanted;
        return from.empty() ? std::string() : from.front();
    };
    c.defaultColorMode = pick(text(answer, "print-color-mode-default"), c.colorModes);
    c.defaultSides = pick(text(answer, "sides-default"), c.sides);
    c.defaultMedia = pick(text(answer, "media-default"), c.media);
    const int quality = number(answer, "print-quality-default", IPP_QUALITY_NORMAL) - IPP_QUALITY_DRAFT;
    c.defaultQuality = pick(quality >= 0 && quality < 3 ? kQualities[quality] : "normal", c.qualities);
    return c;
}

Result<int> decodeCreatedJob(ipp_t *answer)
{
    const int id = number(answer, "job-id", 0);
    if (id <= 0)
        return Error{Errc::BadReply, "the printer named no job", "ipp"};
    return id;
}

Result<PrinterJobState> decodeJobState(ipp_t *answer)
{
    JobRef job;
    std::string name;
    bool stateSeen = false;
    for (ipp_attribute_t *a = ippFirstAttribute(answer); a; a = ippNextAttribute(answer))
        if (ippGetName(a) && ippGetGroupTag(a) == IPP_TAG_JOB)
            takeJobAttribute(a, job, name, stateSeen);
    if (!stateSeen)
        return Error{Errc::BadReply, "the printer told no job state", "ipp"};
    return job.state;
}

std::vector<NamedJob> decodeJobs(ipp_t *answer)
{
    std::vector<NamedJob> jobs;
    NamedJob current;
    bool stateSeen = false;
    const auto flush = [&] {
        if (current.job.id > 0)
            jobs.push_back(current);
        current = {};
        stateSeen = false;
    };
    for (ipp_attribute_t *a = ippFirstAttribute(answer); a; a = ippNextAttribute(answer)) {
        if (!ippGetName(a)) // between two groups
            flush();
        else if (ippGetGroupTag(a) == IPP_TAG_JOB)
            takeJobAttribute(a, current.job, current.name, stateSeen);
    }
    flush();
    return jobs;
}

} // namespace connector::ipp
