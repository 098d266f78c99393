// SPDX-License-Identifier: Apache-2.0
// A printer as the job engine sees it: what it can do, how it is, and jobs on it, in the words of IPP.
// Objects are thread-safe: every call makes its own connection, blocks, and ends within milliseconds of a stop.
#pragma once

#include "core/bytes.h"
#include "core/call.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connector {

enum class PrinterState { Idle, Processing, Stopped, Unreachable };
std::string_view toString(PrinterState state) noexcept; // "idle", "processing", "stopped", "unreachable"

struct PrinterReason {
    enum class Severity { Report, Warning, Error };
    std::string keyword; // printer-state-reasons without its severity suffix: "media-empty"
    Severity severity = Severity::Error;
};

// Facts, not errors: a printer that does not answer has the state Unreachable (and the reason "printer-unreachable").
struct PrinterStatus {
    std::string name; // printer-info, else printer-name
    PrinterState state = PrinterState::Unreachable;
    std::vector<PrinterReason> reasons;
    std::string message;
    bool acceptsJobs = true;

    // The keywords alone; those that only report ("moving-to-paused-report") are left out.
    std::vector<std::string> keywords() const;
};

struct PrinterCapabilities {
    int maxCopies = 1;
    std::vector<std::string> colorModes; // print-color-mode keywords
    std::vector<std::string> sides;
    std::vector<std::string> media;     // self-describing names ("iso_a4_210x297mm")
    std::vector<std::string> formats;   // MIME types
    std::vector<std::string> qualities; // "draft", "normal", "high"
    std::vector<std::string> scalings;  // print-scaling keywords
    bool pageRanges = false;            // it picks the pages itself
    bool orientation = false;           // it takes orientation-requested
    bool createJob = false;             // Create-Job and Send-Document
    bool multipleDocuments = false;
    std::string defaultColorMode;
    std::string defaultSides;
    std::string defaultMedia;
    std::string defaultQuality;
    int defaultCopies = 1;
};

struct PageRange {
    int first = 1;
    int last = 1;
};

// "1-3,5,8-" (an open end is up to the last page): ascending, not overlapping. InvalidArgument "ticket-refused".
Result<std::vector<PageRange>> parsePageRanges(std::string_view text);
std::string formatPageRanges(const std::vector<PageRange> &ranges);

// What is wished for; an empty word leaves the choice to the printer.
struct Ticket {
    int copies = 1;
    std::string colorMode = {};
    std::string sides = {};
    std::string media = {};
    std::string quality = {};
    std::string scaling = {};
    std::string orientation = {}; // "portrait", "landscape", "reverse-landscape", "reverse-portrait"
    std::vector<PageRange> pageRanges = {};
    std::string documentFormat = {}; // the document's MIME type; empty: not checked here
    std::string user = {};           // requesting-user-name; empty: "cloud-connector"
};

// InvalidArgument "ticket-refused" (nativeCode: the attribute's name) for what the printer cannot do,
// Unsupported "format-unsupported" for the document's format. Page ranges are never refused: see document.h.
Result<void> validateTicket(const Ticket &ticket, const PrinterCapabilities &capabilities);

enum class PrinterJobPhase { Pending, PendingHeld, Processing, ProcessingStopped, Canceled, Aborted, Completed };
std::string_view toString(PrinterJobPhase phase) noexcept; // IPP's words: "pending-held"
constexpr bool isOver(PrinterJobPhase phase) noexcept
{
    return phase == PrinterJobPhase::Canceled || phase == PrinterJobPhase::Aborted ||
           phase == PrinterJobPhase::Completed;
}

struct PrinterJobState {
    PrinterJobPhase phase = PrinterJobPhase::Pending;
    std::vector<std::string> reasons; // job-state-reasons, "none" left out
    int impressionsCompleted = -1;    // -1 where the printer does not say
    int impressions = -1;             // of the whole job, where it knows
    std::string message;
};

struct JobRef {
    int id = 0;
    PrinterJobState state;
    // Created, but its document never arrived whole ("job-incoming", "job-data-insufficient"): cancel and send anew.
    bool incoming() const;
};

// Errors of every call: Offline "printer-unreachable" (no connection, or lost), Busy "printer-busy" (it takes no
// further job now; try again), Unsupported "format-unsupported", InvalidArgument "ticket-refused", NotFound (no such
// job any more), Unauthenticated, PermissionDenied, BadReply; Cancelled and Timeout as the call says.
class Printer {
public:
    virtual ~Printer() = default;

    virtual Result<PrinterStatus> status(const Call &call) = 0; // Unreachable is an answer here, not an error
    virtual Result<PrinterCapabilities> capabilities(const Call &call) = 0;

    // Makes a job without a document; returns the printer's number for it. Not repeatable: after an error that may have
    // come behind the creation (Offline, Timeout, Cancelled) look with findJob.
    virtual Result<int> createJob(const std::string &jobName, const Ticket &ticket, const Call &call) = 0;

    // Sends the job's only document, streamed; the job then prints. call.onProgress tells the bytes sent. A source that
    // ends early or fails ends the connection in the middle, so that the printer does not take the rest for a document.
    virtual Result<void> sendDocument(int jobId, ByteSource &document, const std::string &format,
                                      const std::string &documentName, const Call &call) = 0;

    // The newest job of exactly this name, among those that are not over and those that are.
    virtual Result<std::optional<JobRef>> findJob(const std::string &jobName, const Call &call) = 0;

    virtual Result<PrinterJobState> jobState(int jobId, const Call &call) = 0;

    // Fine also when the job is over already.
    virtual Result<void> cancelJob(int jobId, const Call &call) = 0;
};

// The printer at an IPP address: "ipp://host:631/ipp/print", "ipps://…", or a queue of the local CUPS: "cups:NAME".
// Does not connect. InvalidArgument when the address is none.
Result<std::unique_ptr<Printer>> makeIppPrinter(const std::string &uri);

} // namespace connector
