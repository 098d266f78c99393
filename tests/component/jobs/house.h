// SPDX-License-Identifier: Apache-2.0
// The job engine with everything around it in one folder, as one process sees it between its start and its death.
#pragma once

#include "store/schema.h"
#include "tests/component/jobs/folder_world.h"

#include <cstdio>
#include <jpeglib.h>

namespace connector::test {

inline std::string smallJpeg()
{
    jpeg_compress_struct c{};
    jpeg_error_mgr errors{};
    c.err = jpeg_std_error(&errors);
    jpeg_create_compress(&c);
    unsigned char *bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&c, &bytes, &size);
    c.image_width = c.image_height = 16;
    c.input_components = 1;
    c.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&c);
    jpeg_start_compress(&c, TRUE);
    std::array<JSAMPLE, 16> line{};
    while (c.next_scanline < c.image_height) {
        JSAMPROW row = line.data();
        line[c.next_scanline % 16] = 200;
        jpeg_write_scanlines(&c, &row, 1);
    }
    jpeg_finish_compress(&c);
    std::string out(reinterpret_cast<char *>(bytes), size);
    jpeg_destroy_compress(&c);
    std::free(bytes);
    return out;
}

class House {
public:
    // The folder holds "cloud", "printer" and the engine's state; made when missing.
    House(const std::filesystem::path &folder, std::filesystem::path renderWorker)
        : m_folder(prepared(folder)), db(*Database::open(folder / "state.db", serviceSchema())),
          vault(db, *MasterKey::load(folder / "key")), clouds(folder / "cloud"), printer(folder / "printer"),
          scanner(smallJpeg()),
          jobs(std::make_unique<Jobs>(JobRooms{actor, db, vault, clouds, printer, scanner, folder / "spool",
                                               std::move(renderWorker), systemNow, std::chrono::milliseconds(20),
                                               std::chrono::milliseconds(50), std::chrono::milliseconds(5)}))
    {
    }
    ~House() { jobs.reset(); }

    Result<void> start()
    {
        return actor.ask([this] { return jobs->start(); });
    }

    static PrintRequest printRequest(const std::string &file, const std::string &key = "")
    {
        PrintRequest request;
        request.profile = "p";
        PrintItem item;
        item.file = item.name = file;
        request.items = {item};
        request.key = key;
        return request;
    }
    static ScanRequest scanRequest(const std::string &source, bool many, const std::string &key = "")
    {
        ScanRequest request;
        request.profile = "p";
        request.name = "Scan";
        request.settings.source = source;
        request.manyPages = many;
        request.key = key;
        return request;
    }
    Result<Job> print(const PrintRequest &request)
    {
        return actor.ask([&] { return jobs->print("guest", request); });
    }
    Result<Job> scan(const ScanRequest &request)
    {
        return actor.ask([&] { return jobs->scan("guest", request); });
    }
    // From then on every change is told, on the actor's thread.
    void onChange(std::function<void(const Job &)> hear)
    {
        actor.ask([&] {
            Jobs::Events events;
            events.changed = std::move(hear);
            jobs->setEvents(std::move(events));
        });
    }
    Result<Job> answer(const std::string &id, ScanAction action)
    {
        return actor.ask([&] { return jobs->answer("guest", id, action); });
    }
    Job job(const std::string &id)
    {
        return *actor.ask([&] { return jobs->find("guest", id); });
    }
    std::vector<Job> all()
    {
        return actor.ask([&] { return jobs->list("guest", false); });
    }

    // Waits until the condition holds; false when it does not in time.
    bool until(const std::function<bool()> &condition, std::chrono::seconds patience = std::chrono::seconds(10))
    {
        const auto deadline = std::chrono::steady_clock::now() + patience;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > deadline)
                return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        return true;
    }
    bool untilState(const std::string &id, JobState state)
    {
        return until([&] { return job(id).state == state; });
    }
    // Also what comes behind the last event: the folder is gone.
    bool untilSwept()
    {
        return until([&] { return std::filesystem::is_empty(m_folder / "spool"); });
    }

private:
    static std::filesystem::path prepared(const std::filesystem::path &folder)
    {
        for (const char *part : {"cloud", "printer", "spool"})
            std::filesystem::create_directories(folder / part);
        return folder;
    }

public:
    std::filesystem::path m_folder;
    TaskQueue actor;
    Database db;
    Vault vault;
    FolderClouds clouds;
    FolderPrinter printer;
    FolderScanner scanner;
    std::unique_ptr<Jobs> jobs;
};

} // namespace connector::test
