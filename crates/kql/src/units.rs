//! Units of measure and what they are in their quantity's base unit.

/// A unit's name and what it is in the base unit.
pub(crate) type Unit = (&'static str, f64);

/// In meters.
pub(crate) const LENGTH: &[Unit] = &[
    ("Meter", 1.0),
    ("Nanometer", 1e-9),
    ("Micrometer", 1e-6),
    ("Millimeter", 1e-3),
    ("Centimeter", 1e-2),
    ("Decimeter", 1e-1),
    ("Decameter", 10.0),
    ("Hectometer", 100.0),
    ("Kilometer", 1e3),
    ("Inch", 2.54e-2),
    ("Foot", 0.3048),
    ("Yard", 0.9144),
    ("Mile", 1609.344),
    ("NauticalMile", 1852.0),
    ("Fathom", 1.8288),
    ("Mil", 2.54e-5),
    ("Microinch", 2.54e-8),
    ("Hand", 0.1016),
    ("Chain", 20.1168),
];

/// In kilograms.
pub(crate) const MASS: &[Unit] = &[
    ("Kilogram", 1.0),
    ("Nanogram", 1e-12),
    ("Microgram", 1e-9),
    ("Milligram", 1e-6),
    ("Centigram", 1e-5),
    ("Decigram", 1e-4),
    ("Gram", 1e-3),
    ("Decagram", 1e-2),
    ("Hectogram", 0.1),
    ("Tonne", 1e3),
    ("Kilotonne", 1e6),
    ("Megatonne", 1e9),
    ("Pound", 0.453_592_37),
    ("Ounce", 0.028_349_523_125),
    ("Stone", 6.350_293_18),
    ("Grain", 6.479_891e-5),
    ("ShortTon", 907.184_74),
    ("LongTon", 1_016.046_908_8),
];

/// In newtons.
pub(crate) const FORCE: &[Unit] = &[
    ("Newton", 1.0),
    ("Micronewton", 1e-6),
    ("Millinewton", 1e-3),
    ("Decanewton", 10.0),
    ("Kilonewton", 1e3),
    ("Meganewton", 1e6),
    ("Dyn", 1e-5),
    ("KilogramForce", 9.806_65),
    ("KiloPond", 9.806_65),
    ("TonneForce", 9_806.65),
    ("PoundForce", 4.448_221_615_260_5),
    ("Poundal", 0.138_254_954_376),
];

/// In meters per second; a speed is a length and a time.
pub(crate) const SPEED_LENGTHS: &[Unit] = &[
    ("Nanometer", 1e-9),
    ("Micrometer", 1e-6),
    ("Millimeter", 1e-3),
    ("Centimeter", 1e-2),
    ("Decimeter", 1e-1),
    ("Meter", 1.0),
    ("Kilometer", 1e3),
    ("Inch", 2.54e-2),
    ("Foot", 0.3048),
    ("Yard", 0.9144),
    ("Mile", 1609.344),
];

/// In degrees.
pub(crate) const ANGLE: &[Unit] = &[
    ("Degree", 1.0),
    ("Arcminute", 1.0 / 60.0),
    ("Arcsecond", 1.0 / 3600.0),
    ("Centiradian", 1.8 / std::f64::consts::PI),
    ("Deciradian", 18.0 / std::f64::consts::PI),
    ("Gradian", 0.9),
    ("Microdegree", 1e-6),
    ("Microradian", 180e-6 / std::f64::consts::PI),
    ("Millidegree", 1e-3),
    ("Milliradian", 0.18 / std::f64::consts::PI),
    ("Nanodegree", 1e-9),
    ("Nanoradian", 180e-9 / std::f64::consts::PI),
    ("NatoMil", 0.05625),
    ("Radian", 180.0 / std::f64::consts::PI),
    ("Revolution", 360.0),
    ("Tilt", 90.0),
];

/// In joules.
pub(crate) const ENERGY: &[Unit] = &[
    ("Joule", 1.0),
    ("Millijoule", 1e-3),
    ("Kilojoule", 1e3),
    ("Megajoule", 1e6),
    ("Gigajoule", 1e9),
    ("Calorie", 4.184),
    ("Kilocalorie", 4184.0),
    ("Megacalorie", 4.184e6),
    ("BritishThermalUnit", 1_055.055_852_62),
    ("ElectronVolt", 1.602_176_565e-19),
    ("Erg", 1e-7),
    ("FootPound", 1.355_817_948),
    ("WattHour", 3600.0),
    ("KilowattHour", 3.6e6),
    ("MegawattHour", 3.6e9),
    ("GigawattHour", 3.6e12),
];

/// In cubic meters.
pub(crate) const VOLUME: &[Unit] = &[
    ("CubicMeter", 1.0),
    ("CubicMillimeter", 1e-9),
    ("CubicCentimeter", 1e-6),
    ("CubicDecimeter", 1e-3),
    ("CubicKilometer", 1e9),
    ("CubicInch", 1.638_706_4e-5),
    ("CubicFoot", 0.028_316_846_592),
    ("CubicYard", 0.764_554_857_984),
    ("Liter", 1e-3),
    ("Milliliter", 1e-6),
    ("Microliter", 1e-9),
    ("Centiliter", 1e-5),
    ("Deciliter", 1e-4),
    ("Hectoliter", 0.1),
    // What Kusto takes for it: 1233.48 and no more digits.
    ("AcreFoot", 1.0 / 0.000_810_714),
];

/// The value in another unit; `None` when one is unknown.
pub(crate) fn convert(units: &[Unit], value: f64, from: &str, to: &str) -> Option<f64> {
    let factor = |name: &str| units.iter().find(|unit| unit.0 == name).map(|unit| unit.1);
    Some(value * factor(from)? / factor(to)?)
}

/// Meters per second of a speed such as `KilometerPerHour`.
pub(crate) fn speed(name: &str) -> Option<f64> {
    if name == "Knot" {
        return Some(1852.0 / 3600.0);
    }
    let (length, time) = name.split_once("Per")?;
    let length = SPEED_LENGTHS.iter().find(|unit| unit.0 == length)?.1;
    Some(
        length
            / match time {
                "Second" => 1.0,
                "Minute" => 60.0,
                "Hour" => 3600.0,
                _ => return None,
            },
    )
}

/// Kelvins of so many degrees of a scale, or the other way round.
pub(crate) fn temperature(value: f64, from: &str, to: &str) -> Option<f64> {
    // Kelvins are (value + shift) × size.
    let scale = |name: &str| match name {
        "Kelvin" => Some((0.0, 1.0)),
        "DegreeCelsius" => Some((273.15, 1.0)),
        "DegreeFahrenheit" => Some((459.67, 5.0 / 9.0)),
        "DegreeRankine" => Some((0.0, 5.0 / 9.0)),
        _ => None,
    };
    let ((from_shift, from_size), (to_shift, to_size)) = (scale(from)?, scale(to)?);
    Some((value + from_shift) * from_size / to_size - to_shift)
}
