// SPDX-License-Identifier: Apache-2.0
#include "tests/component/jobs/house.h"

#include <cstdio>
#include <jpeglib.h>

namespace connector::test {

std::string smallJpeg()
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

House::House(const std::filesystem::path &folder, std::filesystem::path renderWorker)
    : m_folder(prepared(folder)), db(*Database::open(folder / "state.db", serviceSchema())),
      vault(db, *MasterKey::load(folder / "key")), clouds(folder / "cloud"), printer(folder / "printer"),
      scanner(smallJpeg()),
      jobs(std::make_unique<Jobs>(JobRooms{actor, db, vault, clouds, printer, scanner, folder / "spool",
                                           std::move(renderWorker), systemNow, std::chrono::milliseconds(20),
                                           std::chrono::milliseconds(50), std::chrono::milliseconds(5)}))
{
}

Result<void> House::start()
{
    return actor.ask([this] { return jobs->start(); });
}

PrintRequest House::printRequest(const std::string &file, const std::string &key)
{
    PrintRequest request;
    request.profile = "p";
    PrintItem item;
    item.file = item.name = file;
    request.items = {item};
    request.key = key;
    return request;
}

ScanRequest House::scanRequest(const std::string &source, bool many, const std::string &key)
{
    ScanRequest request;
    request.profile = "p";
    request.name = "Scan";
    request.settings.source = source;
    request.manyPages = many;
    request.key = key;
    return request;
}

Result<Job> House::print(const PrintRequest &request)
{
    return actor.ask([&] { return jobs->print("guest", request); });
}

Result<Job> House::scan(const ScanRequest &request)
{
    return actor.ask([&] { return jobs->scan("guest", request); });
}

void House::onChange(std::function<void(const Job &)> hear)
{
    actor.ask([&] {
        Jobs::Events events;
        events.changed = std::move(hear);
        jobs->setEvents(std::move(events));
    });
}

Result<Job> House::answer(const std::string &id, ScanAction action)
{
    return actor.ask([&] { return jobs->answer("guest", id, action); });
}

Job House::job(const std::string &id)
{
    return *actor.ask([&] { return jobs->find("guest", id); });
}

std::vector<Job> House::all()
{
    return actor.ask([&] { return jobs->list("guest", false); });
}

bool House::until(const std::function<bool()> &condition, std::chrono::seconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

bool House::untilState(const std::string &id, JobState state)
{
    return until([&] { return job(id).state == state; });
}

bool House::untilSwept()
{
    return until([&] { return std::filesystem::is_empty(m_folder / "spool"); });
}

std::filesystem::path House::prepared(const std::filesystem::path &folder)
{
    for (const char *part : {"cloud", "printer", "spool"})
        std::filesystem::create_directories(folder / part);
    return folder;
}

} // namespace connector::test
