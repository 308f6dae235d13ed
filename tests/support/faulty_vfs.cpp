#include "tests/support/faulty_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <new>
#include <optional>

namespace ocpi::test {
namespace {

/// What SQLite allocates for a file; the real file follows it.
struct faulty_file {
    sqlite3_file base;
    faulty_vfs* owner;
    /// Of SQLite, for as long as the file is open; nullptr: a temporary file, not of the disk.
    const char* path;
    bool has_failed_to_synchronise;
    /// How many failures to synchronise the file this descriptor knows of.
    std::size_t known_failures;

    sqlite3_file* real() noexcept { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

faulty_file& own(sqlite3_file* file)
{
    return *reinterpret_cast<faulty_file*>(file);
}

const sqlite3_io_methods& below(sqlite3_file* file)
{
    return *own(file).real()->pMethods;
}

sqlite3_vfs& real_vfs()
{
    return *sqlite3_vfs_find(nullptr);
}

int code_of(file_step step, file_fault fault)
{
    if (fault == file_fault::disk_full && step != file_step::synchronise) return SQLITE_FULL;
    switch (step) {
        case file_step::open: return SQLITE_CANTOPEN;
        case file_step::read: return SQLITE_IOERR_READ;
        case file_step::write: return SQLITE_IOERR_WRITE;
        case file_step::truncate: return SQLITE_IOERR_TRUNCATE;
        case file_step::synchronise: return SQLITE_IOERR_FSYNC;
        case file_step::remove: return SQLITE_IOERR_DELETE;
        case file_step::map_index: return SQLITE_IOERR_SHMMAP;
    }
    return SQLITE_IOERR;
}

}  // namespace

struct faulty_vfs::access {
    /// The failure of the next step of this kind, if it is to fail. Under the mutex.
    static std::optional<file_fault> next(faulty_vfs& of, file_step step)
    {
        const auto number = ++of.counts_[static_cast<std::size_t>(step)];
        if (of.at_ == 0 || step != of.step_) return std::nullopt;
        const bool fails = of.is_lasting_ ? number >= of.at_ : number == of.at_;
        if (!fails) return std::nullopt;
        of.has_failed_ = true;
        return of.fault_;
    }

    /// Makes a step that leaves no trace on the disk.
    template <class Work>
    static int step(faulty_vfs& of, file_step kind, Work work)
    {
        {
            const std::lock_guard lock(of.mutex_);
            if (const auto fault = next(of, kind)) return code_of(kind, *fault);
        }
        return work();
    }

    static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* given)
    {
        auto& opened = *new (file) faulty_file{};
        opened.owner = static_cast<faulty_vfs*>(vfs->pAppData);
        opened.path = path;
        return step(*opened.owner, file_step::open, [&] {
            const int code = real_vfs().xOpen(&real_vfs(), path, opened.real(), flags, given);
            // SQLite closes what has methods, opened or not.
            if (opened.real()->pMethods != nullptr) opened.base.pMethods = &methods();
            if (code == SQLITE_OK && path != nullptr) {
                const std::lock_guard lock(opened.owner->mutex_);
                if (opened.owner->has_power_) opened.owner->disk_.open(path);
                opened.known_failures = opened.owner->failures_[path];
            }
            return code;
        });
    }

    static int read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset)
    {
        return step(*own(file).owner, file_step::read,
                    [&] { return below(file).xRead(own(file).real(), into, size, offset); });
    }

    static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 offset)
    {
        auto& of = *own(file).owner;
        const std::lock_guard lock(of.mutex_);
        const auto fault = next(of, file_step::write);
        if (fault == file_fault::io_error) return code_of(file_step::write, *fault);
        const int written = fault ? size / 2 : size;
        const int code = below(file).xWrite(own(file).real(), from, written, offset);
        if (code == SQLITE_OK && own(file).path != nullptr && of.has_power_) {
            of.disk_.write(own(file).path, static_cast<std::uint64_t>(offset),
                           {static_cast<const char*>(from), static_cast<std::size_t>(written)});
        }
        return fault ? code_of(file_step::write, *fault) : code;
    }

    static int truncate(sqlite3_file* file, sqlite3_int64 size)
    {
        auto& of = *own(file).owner;
        const std::lock_guard lock(of.mutex_);
        if (const auto fault = next(of, file_step::truncate)) {
            return code_of(file_step::truncate, *fault);
        }
        if (own(file).path != nullptr && of.has_power_) {
            of.disk_.truncate(own(file).path, static_cast<std::uint64_t>(size));
        }
        return below(file).xTruncate(own(file).real(), size);
    }

    /// The real file is not synchronised: the disk is simulated. As Linux does, a failure is
    /// reported once through each descriptor that was open.
    static int synchronise(sqlite3_file* file, int)
    {
        auto& self = own(file);
        auto& of = *self.owner;
        const std::lock_guard lock(of.mutex_);
        const std::string path = self.path != nullptr ? self.path : "";
        const bool is_planned = of.synchronised_.empty() || of.synchronised_ == path;
        const auto fault = is_planned ? next(of, file_step::synchronise) : std::nullopt;
        if (self.has_failed_to_synchronise) ++of.retried_;
        auto& failures = of.failures_[path];
        if (fault) ++failures;
        const bool fails = self.known_failures != failures;
        self.known_failures = failures;
        self.has_failed_to_synchronise |= fails;
        if (self.path != nullptr && of.has_power_) {
            if (fault) {
                of.disk_.fail_to_synchronise(path, of.random_);
            } else {
                of.disk_.synchronise(path);
            }
        }
        return fails ? code_of(file_step::synchronise, file_fault::io_error) : SQLITE_OK;
    }

    static int remove(sqlite3_vfs* vfs, const char* path, int)
    {
        auto& of = *static_cast<faulty_vfs*>(vfs->pAppData);
        const std::lock_guard lock(of.mutex_);
        if (const auto fault = next(of, file_step::remove)) {
            return code_of(file_step::remove, *fault);
        }
        if (of.has_power_) of.disk_.remove(path);
        return real_vfs().xDelete(&real_vfs(), path, 0);
    }

    static int map_index(sqlite3_file* file, int page, int size, int extend, void volatile** mapped)
    {
        return step(*own(file).owner, file_step::map_index, [&] {
            return below(file).xShmMap(own(file).real(), page, size, extend, mapped);
        });
    }

    static const sqlite3_io_methods& methods()
    {
        static const sqlite3_io_methods all = [] {
            sqlite3_io_methods made{};
            made.iVersion = 2;
            made.xClose = [](sqlite3_file* f) { return below(f).xClose(own(f).real()); };
            made.xRead = read;
            made.xWrite = write;
            made.xTruncate = truncate;
            made.xSync = synchronise;
            made.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
                return below(f).xFileSize(own(f).real(), size);
            };
            made.xLock = [](sqlite3_file* f, int k) { return below(f).xLock(own(f).real(), k); };
            made.xUnlock = [](sqlite3_file* f, int k) {
                return below(f).xUnlock(own(f).real(), k);
            };
            made.xCheckReservedLock = [](sqlite3_file* f, int* is_held) {
                return below(f).xCheckReservedLock(own(f).real(), is_held);
            };
            made.xFileControl = [](sqlite3_file* f, int what, void* with) {
                return below(f).xFileControl(own(f).real(), what, with);
            };
            made.xSectorSize = [](sqlite3_file* f) { return below(f).xSectorSize(own(f).real()); };
            made.xDeviceCharacteristics = [](sqlite3_file* f) {
                return below(f).xDeviceCharacteristics(own(f).real());
            };
            made.xShmMap = map_index;
            made.xShmLock = [](sqlite3_file* f, int at, int count, int flags) {
                return below(f).xShmLock(own(f).real(), at, count, flags);
            };
            made.xShmBarrier = [](sqlite3_file* f) { below(f).xShmBarrier(own(f).real()); };
            made.xShmUnmap = [](sqlite3_file* f, int removes) {
                return below(f).xShmUnmap(own(f).real(), removes);
            };
            return made;
        }();
        return all;
    }
};

faulty_vfs::faulty_vfs(unsigned seed)
    : random_(seed), vfs_(std::make_unique<sqlite3_vfs>(real_vfs()))
{
    static std::atomic<int> number = 0;
    name_ = "faulty-" + std::to_string(++number);
    vfs_->iVersion = 2;
    vfs_->pNext = nullptr;
    vfs_->szOsFile += static_cast<int>(sizeof(faulty_file));
    vfs_->zName = name_.c_str();
    vfs_->pAppData = this;
    vfs_->xOpen = access::open;
    vfs_->xDelete = access::remove;
    sqlite3_vfs_register(vfs_.get(), 0);
}

faulty_vfs::~faulty_vfs()
{
    sqlite3_vfs_unregister(vfs_.get());
}

void faulty_vfs::plan(file_step step, std::size_t at, file_fault fault, bool is_lasting)
{
    const std::lock_guard lock(mutex_);
    counts_ = {};
    step_ = step;
    at_ = at;
    fault_ = fault;
    is_lasting_ = is_lasting;
    has_failed_ = false;
    synchronised_.clear();
}

void faulty_vfs::plan_synchronising(const std::string& path, file_fault fault)
{
    plan(file_step::synchronise, 1, fault);
    const std::lock_guard lock(mutex_);
    synchronised_ = path;
}

void faulty_vfs::heal()
{
    const std::lock_guard lock(mutex_);
    at_ = 0;
}

bool faulty_vfs::has_failed() const
{
    const std::lock_guard lock(mutex_);
    return has_failed_;
}

std::size_t faulty_vfs::count(file_step step) const
{
    const std::lock_guard lock(mutex_);
    return counts_[static_cast<std::size_t>(step)];
}

std::size_t faulty_vfs::retried_synchronisations() const
{
    const std::lock_guard lock(mutex_);
    return retried_;
}

void faulty_vfs::cut_power()
{
    const std::lock_guard lock(mutex_);
    has_power_ = false;
}

void faulty_vfs::restore()
{
    const std::lock_guard lock(mutex_);
    disk_.restore(random_);
}

}  // namespace ocpi::test
