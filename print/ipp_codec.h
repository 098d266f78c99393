// SPDX-License-Identifier: Apache-2.0
// What is said to an IPP printer and what its answers mean. Pure functions: no network, no clock.
#pragma once

#include "print/printer.h"

#include <cups/ipp.h>

#include <memory>
#include <span>
#include <vector>

namespace connector::ipp {

struct Deleter {
    void operator()(ipp_t *message) const noexcept { ippDelete(message); }
};
using Message = std::unique_ptr<ipp_t, Deleter>;

// From bytes as they are on the wire (the fuzz target's door). BadReply.
Result<Message> parse(std::span<const char> bytes);

Message getPrinterAttributes(const std::string &printerUri, const std::string &user, bool forStatus);
Message createJob(const std::string &printerUri, const std::string &jobName, const Ticket &ticket);
Message sendDocument(const std::string &printerUri, const std::string &user, int jobId, const std::string &format,
                     const std::string &documentName);
Message getJobs(const std::string &printerUri, const std::string &user, bool completed);
Message getJobAttributes(const std::string &printerUri, const std::string &user, int jobId);
Message cancelJob(const std::string &printerUri, const std::string &user, int jobId);

// The error that the answer says, if it says one.
Result<void> check(ipp_t *answer);

PrinterStatus decodeStatus(ipp_t *answer);
PrinterCapabilities decodeCapabilities(ipp_t *answer);
Result<int> decodeCreatedJob(ipp_t *answer);
Result<PrinterJobState> decodeJobState(ipp_t *answer);

struct NamedJob {
    std::string name;
    JobRef job;
};
std::vector<NamedJob> decodeJobs(ipp_t *answer);

} // namespace connector::ipp
