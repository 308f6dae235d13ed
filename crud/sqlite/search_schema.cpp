#include "crud/sqlite/search_schema.hpp"

#include <chrono>

namespace ocpi::crud::sqlite {
namespace {

/// From the beginning of the slots to 1970: a number of whole days that makes every instant of OCPI
/// (from year 0 on) positive, so that integer division rounds down.
constexpr std::int64_t origin = std::chrono::milliseconds(std::chrono::days(720'000)).count();

constexpr total_level levels[] = {total_level::quarter_hour_of_update, total_level::day_of_update,
                                  total_level::quarter_hour_of_start};

constexpr const char* tables = R"sql(
CREATE INDEX record_by_category
    ON record (module, category, last_updated, secondary_key) WHERE category IS NOT NULL;
CREATE TABLE record_total (
    module TEXT NOT NULL,
    level INTEGER NOT NULL,
    category TEXT NOT NULL,
    slot INTEGER NOT NULL,
    currency TEXT NOT NULL,
    count INTEGER NOT NULL,
    kwh INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (module, level, category, slot, currency)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE record_text USING fts5(
    search_text, content = '', columnsize = 0, detail = none,
    tokenize = 'trigram case_sensitive 1');

CREATE TRIGGER record_text_insert AFTER INSERT ON record WHEN new.search_text IS NOT NULL
BEGIN
    INSERT INTO record_text (rowid, search_text) VALUES (new.sequence, new.search_text);
END;
CREATE TRIGGER record_text_delete AFTER DELETE ON record WHEN old.search_text IS NOT NULL
BEGIN
    INSERT INTO record_text (record_text, rowid, search_text)
        VALUES ('delete', old.sequence, old.search_text);
END;
CREATE TRIGGER record_text_update AFTER UPDATE OF search_text ON record
    WHEN old.search_text IS NOT new.search_text
BEGIN
    INSERT INTO record_text (record_text, rowid, search_text)
        SELECT 'delete', old.sequence, old.search_text WHERE old.search_text IS NOT NULL;
    INSERT INTO record_text (rowid, search_text)
        SELECT new.sequence, new.search_text WHERE new.search_text IS NOT NULL;
END;
)sql";

/// The triggers of one level.
class level_triggers {
public:
    explicit level_triggers(total_level level)
        : level_(std::to_string(static_cast<int>(level))),
          name_("record_total_" + level_),
          instant_(level == total_level::quarter_hour_of_start ? "started_at" : "last_updated"),
          width_(std::to_string(slot_width(level)))
    {
    }

    std::string write() const
    {
        const auto begin = [this](const std::string& suffix, const std::string& when,
                                  const std::string& condition) {
            return "CREATE TRIGGER " + name_ + suffix + " AFTER " + when + " ON record WHEN " +
                   condition + "\nBEGIN\n";
        };
        const std::string update =
            "UPDATE OF category, last_updated, started_at, kwh, cost, currency";
        const auto same_slot =
            "old.category IS new.category AND old.currency IS new.currency AND "
            "old.module IS new.module AND " +
            slot("old") + " IS " + slot("new");
        const std::string any = "(old.category IS NOT NULL OR new.category IS NOT NULL)";
        return begin("_insert", "INSERT", "new.category IS NOT NULL") + add() + "END;\n" +
               begin("_delete", "DELETE", "old.category IS NOT NULL") + subtract() + "END;\n" +
               begin("_stay", update,
                     any + " AND " + same_slot +
                         " AND (old.kwh IS NOT new.kwh OR old.cost IS NOT new.cost)") +
               "    UPDATE record_total SET " + sums(" + ", "new", " - ", "old") + where("new") +
               "END;\n" + begin("_move", update, any + " AND NOT (" + same_slot + ")") +
               subtract() + add() + "END;\n";
    }

private:
    std::string slot(const std::string& row) const
    {
        return "((" + row + "." + instant_ + " + " + std::to_string(origin) + ") / " + width_ + ")";
    }

    /// Sums that do not fit an integer stay at its end: SQLite would make them floating.
    static std::string sums(const std::string& sign, const std::string& row,
                            const std::string& other_sign = {}, const std::string& other = {})
    {
        std::string sql;
        for (const std::string name : {"kwh", "cost"}) {
            if (!sql.empty()) sql += ", ";
            sql += name + " = CAST(" + name + sign + "coalesce(" + row + "." + name + ", 0)";
            if (!other.empty()) sql += other_sign + "coalesce(" + other + "." + name + ", 0)";
            sql += " AS INTEGER)";
        }
        return sql;
    }

    std::string where(const std::string& row) const
    {
        return " WHERE module = " + row + ".module AND level = " + level_ +
               " AND category = " + row + ".category AND slot = " + slot(row) +
               " AND currency = " + row + ".currency;\n";
    }

    std::string add() const
    {
        return "    INSERT INTO record_total (module, level, category, slot, currency, count, kwh, "
               "cost) SELECT new.module, " +
               level_ + ", new.category, " + slot("new") +
               ", new.currency, 1, coalesce(new.kwh, 0), coalesce(new.cost, 0) WHERE new.category "
               "IS NOT NULL AND new." +
               instant_ + " IS NOT NULL ON CONFLICT DO UPDATE SET count = count + 1, " +
               sums(" + ", "new") + ";\n";
    }

    std::string subtract() const
    {
        auto condition = where("old");
        auto emptied = condition;
        emptied.insert(emptied.rfind(';'), " AND count = 0");
        return "    UPDATE record_total SET count = count - 1, " + sums(" - ", "old") + condition +
               "    DELETE FROM record_total" + emptied;
    }

    std::string level_;
    std::string name_;
    std::string instant_;
    std::string width_;
};

}  // namespace

std::string search_schema()
{
    std::string sql = tables;
    for (const auto level : levels) sql += level_triggers(level).write();
    return sql;
}

std::int64_t slot_width(total_level level) noexcept
{
    using std::chrono::milliseconds;
    const bool is_day = level == total_level::day_of_update;
    return is_day ? milliseconds(std::chrono::days(1)).count()
                  : milliseconds(std::chrono::minutes(15)).count();
}

std::int64_t slot_of(date_time instant, total_level level) noexcept
{
    return (instant.milliseconds() + origin) / slot_width(level);
}

date_time start_of_slot(std::int64_t slot, total_level level) noexcept
{
    return date_time::from_milliseconds(slot * slot_width(level) - origin);
}

}  // namespace ocpi::crud::sqlite
