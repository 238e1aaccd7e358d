using Reactor.Learn;
using Reactor.Testing;

namespace Learn.Tests;

/// <summary>The course of this repository.</summary>
internal static class RealCourse
{
    public static Lessons Lessons { get; } = new(RepositoryFolder.Path);

    /// <summary>The names of the lessons that have a program.</summary>
    public static IEnumerable<string> Programs => Lessons.All
        .Where(lesson => File.Exists(lesson.Program)).Select(lesson => lesson.Name);

    /// <summary>The names of the lessons that have an exercise.</summary>
    public static IEnumerable<string> Exercises => Lessons.All
        .Where(lesson => lesson.HasExercise).Select(lesson => lesson.Name);
}
